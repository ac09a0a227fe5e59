// Frames from one sender to many receivers that lose some: what ns-3 needs for the deliveries of a download,
// without any payload or protocol. Prints one line of JSON.
// Usage: frames <frames> <receivers> <loss> <frame bytes> <bits per second>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "ns3/core-module.h"
#include "ns3/network-module.h"

using namespace ns3;

namespace {

const uint16_t OMCI_ETHER_TYPE = 0x88b5;
const int64_t FIBRE_NS = 100000;

uint64_t delivered = 0;

bool Receive(Ptr<NetDevice>, Ptr<const Packet>, uint16_t, const Address&) {
  delivered++;
  return true;
}

struct Sender {
  Ptr<SimpleNetDevice> device;
  uint64_t framesLeft;
  uint32_t frameBytes;
  Time interval;

  void Send() {
    device->Send(Create<Packet>(frameBytes), device->GetBroadcast(), OMCI_ETHER_TYPE);
    framesLeft--;
    if (framesLeft > 0) Simulator::Schedule(interval, &Sender::Send, this);
  }
};

Ptr<SimpleNetDevice> DeviceAt(Ptr<SimpleChannel> channel) {
  Ptr<Node> node = CreateObject<Node>();
  Ptr<SimpleNetDevice> device = CreateObject<SimpleNetDevice>();
  device->SetAddress(Mac48Address::Allocate());
  node->AddDevice(device);
  device->SetChannel(channel);
  return device;
}

double SecondsSince(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::cerr << "usage: frames <frames> <receivers> <loss> <frame bytes> <bits per second>\n";
    return 2;
  }
  const auto begun = std::chrono::steady_clock::now();
  const uint64_t frames = std::strtoull(argv[1], nullptr, 10);
  const uint64_t receivers = std::strtoull(argv[2], nullptr, 10);
  const double loss = std::strtod(argv[3], nullptr);
  const uint32_t frameBytes = std::strtoul(argv[4], nullptr, 10);
  const double bitsPerSecond = std::strtod(argv[5], nullptr);

  Ptr<SimpleChannel> channel = CreateObject<SimpleChannel>();
  channel->SetAttribute("Delay", TimeValue(NanoSeconds(FIBRE_NS)));
  Sender sender{DeviceAt(channel), frames, frameBytes, Seconds(frameBytes * 8 / bitsPerSecond)};
  for (uint64_t at = 0; at < receivers; at++) {
    Ptr<SimpleNetDevice> device = DeviceAt(channel);
    device->SetReceiveCallback(MakeCallback(&Receive));
    Ptr<RateErrorModel> errors = CreateObject<RateErrorModel>();
    errors->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
    errors->SetRate(loss);
    device->SetReceiveErrorModel(errors);
  }
  Simulator::ScheduleNow(&Sender::Send, &sender);
  const auto running = std::chrono::steady_clock::now();
  Simulator::Run();
  const double runSeconds = SecondsSince(running);
  Simulator::Destroy();
  std::cout << "{\"runSeconds\":" << runSeconds << ",\"seconds\":" << SecondsSince(begun)
            << ",\"delivered\":" << delivered << "}\n";
  return 0;
}
