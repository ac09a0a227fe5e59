/* An ONT as small as it can be: OMCI over stdin and stdout, or a tty. Build: cc -o ont ont.c; run: poncast conform ont exec:./ont */
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

enum { END = 0xC0, ESC = 0xDB, ESC_END = 0xDC, ESC_ESC = 0xDD, FRAME = 48, PDU = 44 };
static int in = 0, out = 1;

/* CRC-32 of I.363.5: from the most significant bit, begun with ones, complemented. */
static uint32_t crc32(const uint8_t *bytes, int length) {
  uint32_t crc = ~0u;
  for (int at = 0; at < length; at++) {
    crc ^= (uint32_t)bytes[at] << 24;
    for (int bit = 0; bit < 8; bit++) crc = crc << 1 ^ (crc >> 31 ? 0x04C11DB7 : 0);
  }
  return ~crc;
}

/* SLIP (RFC 1055): END, the frame with END and ESC replaced, END; in one write. */
static void send_frame(const uint8_t *frame) {
  uint8_t slip[2 * FRAME + 2], *to = slip;
  *to++ = END;
  for (int at = 0; at < FRAME; at++) {
    if (frame[at] == END || frame[at] == ESC) *to++ = ESC;
    *to++ = frame[at] == END ? ESC_END : frame[at] == ESC ? ESC_ESC : frame[at];
  }
  *to++ = END;
  if (write(out, slip, to - slip) < 0) _exit(1);
}

/* What it can be asked for: class, instance, the sizes of the attributes in their order, their values. */
static const struct { int class, instance; uint8_t sizes[6]; uint8_t values[42]; } entities[] = {
    {7, 0, {14, 1, 1, 1, 25}, "PLAIN-1.0.0\0\0\0\1\1\1PLAIN"}, /* software image: version, committed, active, */
    {7, 1, {14, 1, 1, 1, 25}, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0PLAIN"}, /* valid, product code */
    {257, 0, {20, 1}, "PLAIN\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xA0"}, /* ONU2-G: equipment id, OMCC version */
};

/* Result, attribute mask, 25 bytes of values, mask of what is not there, mask of what did not fit. */
static void get(const uint8_t *request, uint8_t *contents) {
  int mask = request[8] << 8 | request[9], had = 0, absent = 0, failed = 0, used = 0;
  contents[0] = 4; /* unknown entity */
  for (unsigned each = 0; each < sizeof entities / sizeof *entities; each++) {
    if ((request[4] << 8 | request[5]) != entities[each].class) continue;
    contents[0] = 5; /* unknown instance */
    if ((request[6] << 8 | request[7]) != entities[each].instance) continue;
    for (int attribute = 0, at = 0, size = 0; attribute < 16; attribute++, at += size) {
      size = attribute < 6 ? entities[each].sizes[attribute] : 0;
      if (!(mask & 0x8000 >> attribute)) continue;
      if (size == 0) absent |= 0x8000 >> attribute;
      else if (used + size > 25) failed |= 0x8000 >> attribute;
      else had |= 0x8000 >> attribute, memcpy(contents + 3 + used, entities[each].values + at, size), used += size;
    }
    contents[0] = absent | failed ? 9 : 0;
    memcpy(contents + 1, (uint8_t[]){had >> 8, had}, 2);
    memcpy(contents + 28, (uint8_t[]){absent >> 8, absent, failed >> 8, failed}, 4);
    return;
  }
}

static void answer(const uint8_t *request, int length) {
  uint8_t frame[FRAME] = {0};
  uint32_t crc = crc32(request, PDU);
  if (length != FRAME || request[3] != 0x0A || !(request[2] & 0x40)) return; /* baseline, and asks for an answer */
  if (memcmp(request + PDU, (uint8_t[]){crc >> 24, crc >> 16, crc >> 8, crc}, 4) != 0) return;
  memcpy(frame, request, 8);
  frame[2] = (request[2] & 0x1F) | 0x20;
  frame[8] = 2; /* command not supported */
  if (frame[2] == 0x29) get(request, frame + 8);
  frame[43] = 0x28, crc = crc32(frame, PDU);
  memcpy(frame + PDU, (uint8_t[]){crc >> 24, crc >> 16, crc >> 8, crc}, 4);
  send_frame(frame);
}

int main(int count, char **words) {
  uint8_t frame[2048], octet;
  int length = 0, escaped = 0;
  if (count > 1) in = out = open(words[1], O_RDWR | O_NOCTTY); /* a tty that is raw already */
  while (read(in, &octet, 1) == 1) {
    if (octet == END) answer(frame, length), length = 0;
    else if (octet == ESC) escaped = 1;
    else if (length < (int)sizeof frame) frame[length++] = !escaped ? octet : octet == ESC_END ? END : ESC, escaped = 0;
  }
}
