/** Classes of layer 3, of Ethernet, and of xDSL, circuit and video UNIs, G.988 9.4, 9.5, 9.7, 9.8, 9.10, 9.13; how to read them is in `parse.ts`. */

export const HOST_CLASSES = `
134 IP host config data, 9.4.1
  ipOptions 1 bits w, macAddress 6 mac, onuIdentifier 25 text w, ipAddress 4 ip w, mask 4 ip w, gateway 4 ip w,
  primaryDns 4 ip w, secondaryDns 4 ip w, currentAddress 4 ip, currentMask 4 ip, currentGateway 4 ip, currentPrimaryDns 4 ip,
  currentSecondaryDns 4 ip, domainName 25 text, hostName 25 text, relayAgentOptions 2 ptr w
135 IP host PM history data, 9.4.2
  intervalEndTime 1, thresholdData12Id 2 ptr wc, icmpErrors 4, dnsErrors 4, dhcpTimeouts 2, ipAddressConflict 2, outOfMemory 2,
  internalError 2
136 TCP/UDP config data, 9.4.3
  portId 2 wc, protocol 1 enum wc, tosDiffservField 1 bits wc, ipHostPointer 2 ptr wc
342 TCP/UDP PM history data, 9.4.4
  intervalEndTime 1, thresholdData12Id 2 ptr wc, socketFailed 2, listenFailed 2, bindFailed 2, acceptFailed 2, selectFailed 2
347 IPv6 host config data, 9.4.5
  ipOptions 1 bits w, macAddress 6 mac, onuIdentifier 25 text w, ipv6LinkLocalAddress 16 ipv6, ipv6Address 16 ipv6 w,
  defaultRouter 16 ipv6 w, primaryDns 16 ipv6 w, secondaryDns 16 ipv6 w, currentAddressTable 24 table,
  currentDefaultRouterTable 16 table, currentDnsTable 16 table, duid 25 bytes, onLinkPrefix 17 bytes w,
  currentOnLinkPrefixTable 26 table, relayAgentOptions 2 ptr w
`;

export const ETHERNET_CLASSES = `
11 PPTP Ethernet UNI, 9.5.1
  expectedType 1 enum w, sensedType 1 enum, autoDetectionConfiguration 1 enum w, ethernetLoopbackConfiguration 1 enum w,
  administrativeState 1 state w, operationalState 1 oper, configurationInd 1 enum, maxFrameSize 2 w, dteOrDceInd 1 enum w,
  pauseTime 2 w, bridgedOrIpInd 1 enum w, arc 1 w, arcInterval 1 w, pppoeFilter 1 enum w, powerControl 1 enum w
24 Ethernet PM history data, 9.5.2
  intervalEndTime 1, thresholdData12Id 2 ptr wc, fcsErrors 4, excessiveCollisionCounter 4, lateCollisionCounter 4,
  framesTooLong 4, bufferOverflowsOnReceive 4, bufferOverflowsOnTransmit 4, singleCollisionFrameCounter 4,
  multipleCollisionsFrameCounter 4, sqeCounter 4, deferredTransmissionCounter 4, internalMacTransmitErrorCounter 4,
  carrierSenseErrorCounter 4, alignmentErrorCounter 4, internalMacReceiveErrorCounter 4
89 Ethernet PM history data 2, 9.5.3
  intervalEndTime 1, thresholdData12Id 2 ptr wc, pppoeFilteredFrameCounter 4
296 Ethernet PM history data 3, 9.5.4
  intervalEndTime 1, thresholdData12Id 2 ptr wc, dropEvents 4, octets 4, packets 4, broadcastPackets 4, multicastPackets 4,
  undersizePackets 4, fragments 4, jabbers 4, packets64Octets 4, packets65To127Octets 4, packets128To255Octets 4,
  packets256To511Octets 4, packets512To1023Octets 4, packets1024To1518Octets 4
329 Virtual Ethernet interface point, 9.5.5
  administrativeState 1 state w, operationalState 1 oper, interdomainName 25 text w, tcpUdpPointer 2 ptr w, ianaAssignedPort 2
`;

export const LINE_CLASSES = `
98 PPTP xDSL UNI part 1, 9.7.1
  loopbackConfiguration 1 enum w, administrativeState 1 state w, operationalState 1 oper, xdslLineConfigurationProfile 2 ptr w,
  xdslSubcarrierMaskingDownstreamProfile 2 ptr w, xdslSubcarrierMaskingUpstreamProfile 2 ptr w, xdslPsdMaskProfile 2 ptr w,
  xdslDownstreamRfiBandsProfile 2 ptr w, arc 1 w, arcInterval 1 w, modemType 1 enum w, upstreamPsdMaskProfile 2 ptr w,
  networkSpecificExtensionsPointer 2 ptr w
99 PPTP xDSL UNI part 2, 9.7.2
  xdslChannelConfigurationProfileForBearerChannel0Downstream 2 ptr w, xdslChannelConfigurationProfileForBearerChannel1Downstream 2 ptr w,
  xdslChannelConfigurationProfileForBearerChannel2Downstream 2 ptr w, xdslChannelConfigurationProfileForBearerChannel3Downstream 2 ptr w,
  xdslChannelConfigurationProfileForBearerChannel0Upstream 2 ptr w, xdslChannelConfigurationProfileForBearerChannel1Upstream 2 ptr w,
  xdslChannelConfigurationProfileForBearerChannel2Upstream 2 ptr w, xdslChannelConfigurationProfileForBearerChannel3Upstream 2 ptr w
12 PPTP CES UNI, 9.8.1
  expectedType 1 enum w, sensedType 1 enum, cesLoopbackConfiguration 1 enum w, administrativeState 1 state w,
  operationalState 1 oper, framing 1 enum w, encoding 1 enum w, lineLength 1 enum w, ds1Mode 1 enum w, arc 1 w, arcInterval 1 w,
  lineType 1 enum w
21 CES service profile, 9.8.3
  cesBufferedCdvTolerance 2 wc, channelAssociatedSignalling 1 enum wc
282 Pseudowire termination point, 9.8.5
  underlyingTransport 1 enum wc, serviceType 1 enum wc, signalling 1 enum wc, tdmUniPointer 2 ptr wc, northSidePointer 2 ptr wc,
  farEndIpInfo 2 ptr wc, payloadSize 2 wc, payloadEncapsulationDelay 1 wc, timingMode 1 enum w, transmitCircuitId 8 bytes w,
  expectedCircuitId 8 bytes w, receivedCircuitId 8 bytes
283 RTP pseudowire parameters, 9.8.6
  clockReference 2 wc, rtpTimeStampMode 1 enum wc, ptype 2 bytes wc, ssrc 8 bytes wc, expectedPtype 2 bytes wc,
  expectedSsrc 8 bytes wc
284 Pseudowire maintenance profile, 9.8.7
  jitterBufferMaximumDepth 2 wc, jitterBufferDesiredDepth 2 wc, fillPolicy 1 enum wc, misconnectedPacketsDeclarationPolicy 1 wc,
  misconnectedPacketsClearPolicy 1 wc, lossOfPacketsDeclarationPolicy 1 wc, lossOfPacketsClearPolicy 1 wc,
  bufferOverrunUnderrunDeclarationPolicy 1 wc, bufferOverrunUnderrunClearPolicy 1 wc, malformedPacketsDeclarationPolicy 1 wc,
  malformedPacketsClearPolicy 1 wc, rBitTransmitSetPolicy 1 wc, rBitTransmitClearPolicy 1 wc, rBitReceivePolicy 1 enum wc,
  lBitReceivePolicy 1 enum wc, sesThreshold 2 wc
285 Pseudowire PM history data, 9.8.8
  intervalEndTime 1, thresholdData12Id 2 ptr wc, receivedPackets 4, transmittedPackets 4, missingPackets 4,
  misorderedPacketsUsable 4, misorderedPacketsDropped 4, playoutBufferUnderrunsOverruns 4, malformedPackets 4, strayPackets 4,
  remotePacketLoss 4, tdmLBitPacketsTransmitted 4, es 4, ses 4, uas 4
333 MPLS pseudowire termination point, 9.8.14
  tpType 1 enum wc, tpPointer 2 ptr wc, mplsLabelIndicator 1 enum wc, mplsPwDirection 1 enum wc, mplsPwUplinkLabel 4 wc,
  mplsPwDownlinkLabel 4 wc, mplsPwTc 1 wc, mplsTunnelDirection 1 enum wc, mplsTunnelUplinkLabel 4 wc, mplsTunnelDownlinkLabel 4 wc,
  mplsTunnelTc 1 wc, pseudowireType 2 enum wc, pseudowireControlWordPreference 1 bool wc, administrativeState 1 state w,
  operationalState 1 oper
339 PW Ethernet configuration data, 9.8.15
  mplsPseudowireTpPointer 2 ptr wc, tpType 1 enum wc, uniPointer 2 ptr wc
286 Ethernet flow termination point, 9.8.2
  destinationMac 6 mac wc, sourceMac 6 mac, tagPolicy 1 enum wc, tci 2 bits w, loopback 1 enum w
162 PPTP MoCA UNI, 9.10.1
  loopbackConfiguration 1 enum w, administrativeState 1 state w, operationalState 1 oper, maxFrameSize 2 w, arc 1 w,
  arcInterval 1 w, pppoeFilter 1 enum w, networkStatus 1 bits, password 17 text w, privacyEnabled 1 bool w,
  minimumBandwidthAlarmThreshold 2 w, frequencyMask 4 bits w, rfChannel 2, lastOperationalFrequency 2
163 MoCA Ethernet PM history data, 9.10.2
  intervalEndTime 1, thresholdData12Id 2 ptr wc, incomingUnicastPackets 4, incomingDiscardedPackets 4, incomingErroredPackets 4,
  incomingUnknownPackets 4, incomingMulticastPackets 4, incomingBroadcastPackets 4, incomingOctets 4, outgoingUnicastPackets 4,
  outgoingDiscardedPackets 4, outgoingErroredPackets 4, outgoingUnknownPackets 4, outgoingMulticastPackets 4,
  outgoingBroadcastPackets 4, outgoingOctets 4
164 MoCA interface PM history data, 9.10.3
  intervalEndTime 1, thresholdData12Id 2 ptr wc, phyTxBroadcastRate 4, nodeTable 37 table
82 PPTP video UNI, 9.13.1
  administrativeState 1 state w, operationalState 1 oper, arc 1 w, arcInterval 1 w, powerControl 1 enum w
83 PPTP LCT UNI, 9.13.3
  administrativeState 1 state w
90 PPTP video ANI, 9.13.2
  administrativeState 1 state w, operationalState 1 oper, arc 1 w, arcInterval 1 w, frequencyRangeLow 1 enum, frequencyRangeHigh 1 enum,
  signalCapability 1 enum, opticalSignalLevel 1, pilotSignalLevel 1, signalLevelMin 1, signalLevelMax 1, pilotFrequency 4 w,
  agcMode 1 enum w, agcSetting 1 w, videoLowerOpticalThreshold 1 w, videoUpperOpticalThreshold 1 w
332 Enhanced security control, 9.13.11
  oltCryptoCapabilities 16 bytes w, oltRandomChallengeTable 17 table w, oltChallengeStatus 1 bool w,
  onuSelectedCryptoCapabilities 1 enum, onuRandomChallengeTable 16 table, onuAuthenticationResultTable 16 table,
  oltAuthenticationResultTable 17 table w, oltResultStatus 1 bool w, onuAuthenticationStatus 1 enum,
  masterSessionKeyName 16 bytes, broadcastKeyTable 18 table w, effectiveKeyLength 2
`;
