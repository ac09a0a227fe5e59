/* An ONT as small as it can be: OMCI over stdin and stdout. Build: cc -o ont ont.c; run: poncast conform ont exec:./ont */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* RIGHT is the CRC-32 of whatever has its own CRC-32 behind it. */
enum { END = 0xC0, ESC = 0xDB, ESC_END = 0xDC, ESC_ESC = 0xDD, FRAME = 48, PDU = 44, VALUES = 25, RIGHT = 0x38FB2284 };

/* CRC-32 of I.363.5: from the most significant bit, begun with ones, complemented. */
static uint32_t crc32(const uint8_t *bytes, int length) {
  uint32_t crc = ~0u;
  for (int bit = 0; bit < 8 * length; bit++)
    crc = crc << 1 ^ ((crc >> 31 ^ (bytes[bit / 8] >> (7 - bit % 8) & 1)) ? 0x04C11DB7 : 0);
  return ~crc;
}

/* SLIP (RFC 1055): END, the frame with END and ESC replaced, END; at once, as it is less than stdout's buffer. */
static void send_frame(const uint8_t *frame) {
  putchar(END);
  for (int at = 0; at < FRAME; at++) {
    if (frame[at] == END || frame[at] == ESC) putchar(ESC);
    putchar(frame[at] == END ? ESC_END : frame[at] == ESC ? ESC_ESC : frame[at]);
  }
  putchar(END);
  fflush(stdout);
}

/* What it can be asked for: class and instance, the sizes of the attributes in their order, their values. */
static const struct { uint8_t entity[4], sizes[17], values[42]; } entities[] = {
    {{0, 7, 0, 0}, {14, 1, 1, 1, 25}, "PLAIN-1.0.0\0\0\0\1\1\1PLAIN"}, /* software image: version, committed, active, */
    {{0, 7, 0, 1}, {14, 1, 1, 1, 25}, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0PLAIN"}, /* valid, product code */
    {{1, 1, 0, 0}, {20, 1}, "PLAIN\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xA0"}, /* ONU2-G: equipment id, OMCC version */
};

/* Result, attribute mask, 25 bytes of values, mask of what is not there, mask of what did not fit. */
static void get(const uint8_t *request, uint8_t *contents) {
  int mask = request[8] << 8 | request[9], had = 0, absent = 0, failed = 0, used = 0;
  contents[0] = 4; /* unknown entity */
  for (unsigned each = 0; each < sizeof entities / sizeof *entities; each++) {
    if (memcmp(request + 4, entities[each].entity, 2) == 0) contents[0] = 5; /* unknown instance */
    if (memcmp(request + 4, entities[each].entity, 4) != 0) continue;
    const uint8_t *size = entities[each].sizes, *value = entities[each].values;
    for (int bit = 0x8000; bit != 0; bit >>= 1, value += *size++) {
      if (!(mask & bit)) continue;
      if (*size == 0) absent |= bit;
      else if (used + *size > VALUES) failed |= bit;
      else had |= bit, memcpy(contents + 3 + used, value, *size), used += *size;
    }
    contents[0] = absent | failed ? 9 : 0; /* attributes failed, or all is well */
    memcpy(contents + 1, (uint8_t[]){had >> 8, had}, 2);
    memcpy(contents + 28, (uint8_t[]){absent >> 8, absent, failed >> 8, failed}, 4);
    return;
  }
}

/* A frame that is right, baseline, and asks for an answer has one: to Get what it is, to anything else "not supported" (2). */
static void answer(const uint8_t *request, int length) {
  uint8_t frame[FRAME] = {[8] = 2, [43] = 0x28};
  if (length != FRAME || crc32(request, FRAME) != RIGHT || request[3] != 0x0A || !(request[2] & 0x40)) return;
  memcpy(frame, request, 8);
  frame[2] = (request[2] & 0x1F) | 0x20;
  if (frame[2] == 0x29) get(request, frame + 8);
  uint32_t crc = crc32(frame, PDU);
  memcpy(frame + PDU, (uint8_t[]){crc >> 24, crc >> 16, crc >> 8, crc}, 4);
  send_frame(frame);
}

int main(void) {
  uint8_t frame[2048];
  for (int octet, length = 0; (octet = getchar()) != EOF;) {
    if (octet == END) answer(frame, length), length = 0;
    else if (length < (int)sizeof frame) frame[length++] = octet != ESC ? octet : getchar() == ESC_END ? END : ESC;
  }
}
