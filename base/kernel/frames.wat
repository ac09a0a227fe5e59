;; CRC-32 of I.363.5, trains of frames and tags of datagrams, on one memory. `npm run kernels` assembles this into modules.ts.
;;
;; Registers are kept with their bytes in the order of the line: the byte that meets the next byte of the message is the
;; least significant. Then sixteen bytes a step are table look-ups without turning anything around ("slicing").
;;
;; The memory, five pages:
;;
;;         0  +----------------------------------------------------------------------------------+
;;            | tables: 16 x 256 words; word b of table s: what byte b leaves when s more follow |  16,384
;;    16,384  +----------------------------------------------------------------------------------+
;;            | rest: what is left of a message when its quotient ends                           |     512
;;    16,896  +----------------------------------------------------------------------------------+
;;            | history: 32 blocks before the quotient's first; the register, then zeros         |     512
;;    17,408  +----------------------------------------------------------------------------------+
;;            | quotient, and 32 blocks of zeros behind it                                       |  33,280
;;    50,688  +----------------------------------------------------------------------------------+ input
;;            | bytes for crc32                                                                  |  32,768
;;    83,456  +----------------------------------------------------------------------------------+ burst
;;            | a burst, whose frames `follow` walks over                                        |  65,536
;;   148,992  +----------------------------------------------------------------------------------+ gathered
;;            | data of a train, one frame's behind the other's                                  |  65,536
;;   214,528  +----------------------------------------------------------------------------------+ layouts
;;            | what frames of a train have in common: 36 bytes each, see `follow`               |     512
;;   215,040  +----------------------------------------------------------------------------------+ keys
;;            | of NH, 1,040 bytes; of SipHash, 16 behind it                                      |   1,056
;;   216,096  +----------------------------------------------------------------------------------+ head
;;            | a datagram's head, and then its tag                                              |      16
;;   216,112  +----------------------------------------------------------------------------------+
;;            | what NH leaves of the datagram: 16 bytes for each 1,024                          |   1,040
;;   217,152  +----------------------------------------------------------------------------------+ outgoing
;;            | a datagram that is sealed while another is at `burst`                            |  65,568
;;   282,720  +----------------------------------------------------------------------------------+
;;            | free                                                                             |
;;   327,680  +----------------------------------------------------------------------------------+
(module
  (memory (export "memory") 5)
  (global (export "input") i32 (i32.const 50688))
  (global (export "burst") i32 (i32.const 83456))
  (global $gathered (export "gathered") i32 (i32.const 148992))
  (global (export "layouts") i32 (i32.const 214528))
  (global $keys (export "keys") i32 (i32.const 215040))
  (global $sipKey i32 (i32.const 216080))
  (global $head (export "head") i32 (i32.const 216096))
  (global $compressed i32 (i32.const 216112))
  (global (export "outgoing") i32 (i32.const 217152))

  ;; Fills table s + 1 from table s, for the words `from` ... `to` - 1: one more byte, of zeros, follows.
  (func (export "spread") (param $from i32) (param $to i32)
    (loop $word
      (i32.store offset=1024 (local.get $from)
        (i32.xor
          (i32.shr_u (i32.load (local.get $from)) (i32.const 8))
          (i32.load (i32.shl (i32.and (i32.load (local.get $from)) (i32.const 0xff)) (i32.const 2)))))
      (local.set $from (i32.add (local.get $from) (i32.const 4)))
      (br_if $word (i32.lt_u (local.get $from) (local.get $to)))))

  ;; Register behind the bytes `from` ... `to` - 1, by tables: sixteen bytes a step, then four, then one. A byte's table is that of how many bytes follow in the step.
  (func $slice (export "slice") (param $from i32) (param $to i32) (param $register i32) (result i32)
    (local $word i32)
    (block $left
      (loop $sixteen
        (br_if $left (i32.lt_s (i32.sub (local.get $to) (local.get $from)) (i32.const 16)))
        ;; The first word last: it waits for the register, the others do not.
        (local.set $word (i32.load offset=4 (local.get $from)))
        (i32.load offset=11264 (i32.and (i32.shl (local.get $word) (i32.const 2)) (i32.const 0x3fc)))
        (i32.xor (i32.load offset=10240 (i32.and (i32.shr_u (local.get $word) (i32.const 6)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=9216 (i32.and (i32.shr_u (local.get $word) (i32.const 14)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=8192 (i32.and (i32.shr_u (local.get $word) (i32.const 22)) (i32.const 0x3fc))))
        (local.set $word (i32.load offset=8 (local.get $from)))
        (i32.xor (i32.load offset=7168 (i32.and (i32.shl (local.get $word) (i32.const 2)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=6144 (i32.and (i32.shr_u (local.get $word) (i32.const 6)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=5120 (i32.and (i32.shr_u (local.get $word) (i32.const 14)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=4096 (i32.and (i32.shr_u (local.get $word) (i32.const 22)) (i32.const 0x3fc))))
        (local.set $word (i32.load offset=12 (local.get $from)))
        (i32.xor (i32.load offset=3072 (i32.and (i32.shl (local.get $word) (i32.const 2)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=2048 (i32.and (i32.shr_u (local.get $word) (i32.const 6)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=1024 (i32.and (i32.shr_u (local.get $word) (i32.const 14)) (i32.const 0x3fc))))
        (i32.xor (i32.load (i32.and (i32.shr_u (local.get $word) (i32.const 22)) (i32.const 0x3fc))))
        (local.set $word (i32.xor (i32.load (local.get $from)) (local.get $register)))
        (i32.xor (i32.load offset=15360 (i32.and (i32.shl (local.get $word) (i32.const 2)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=14336 (i32.and (i32.shr_u (local.get $word) (i32.const 6)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=13312 (i32.and (i32.shr_u (local.get $word) (i32.const 14)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=12288 (i32.and (i32.shr_u (local.get $word) (i32.const 22)) (i32.const 0x3fc))))
        local.set $register
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (br $sixteen)))
    (block $left
      (loop $four
        (br_if $left (i32.lt_s (i32.sub (local.get $to) (local.get $from)) (i32.const 4)))
        (local.set $word (i32.xor (i32.load (local.get $from)) (local.get $register)))
        (i32.load offset=3072 (i32.and (i32.shl (local.get $word) (i32.const 2)) (i32.const 0x3fc)))
        (i32.xor (i32.load offset=2048 (i32.and (i32.shr_u (local.get $word) (i32.const 6)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=1024 (i32.and (i32.shr_u (local.get $word) (i32.const 14)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=0 (i32.and (i32.shr_u (local.get $word) (i32.const 22)) (i32.const 0x3fc))))
        local.set $register
        (local.set $from (i32.add (local.get $from) (i32.const 4)))
        (br $four)))
    (block $left
      (loop $one
        (br_if $left (i32.ge_s (local.get $from) (local.get $to)))
        (local.set $word (i32.xor (local.get $register) (i32.load8_u (local.get $from))))
        (local.set $register
          (i32.xor
            (i32.load (i32.shl (i32.and (local.get $word) (i32.const 0xff)) (i32.const 2)))
            (i32.shr_u (local.get $register) (i32.const 8))))
        (local.set $from (i32.add (local.get $from) (i32.const 1)))
        (br $one)))
    (local.get $register))

  ;; The same almost without tables, 544 to 32,768 bytes; from 1,024 on it is faster. Bits that the generator G(x) divides do not count; in GF(2),
  ;; G(x)^128 = G(x^128), so that it divides G(x^128) as well. Subtracting a multiple of that clears the first sixteen
  ;; bytes at hand by adding them, whole, to later blocks of sixteen: as many as G has further terms. Block i of what is
  ;; cleared, the quotient, is block i of the message plus the quotient's blocks i - 6, i - 9, ... i - 32.
  ;;
  ;; G = x^32 + x^26 + x^23 + x^22 + x^16 + x^12 + x^11 + x^10 + x^8 + x^7 + x^5 + x^4 + x^2 + x + 1. Here $quotient is
  ;; at block i - 32, so that the block for x^n is n blocks, 16 n bytes, behind it. Two blocks a turn: the nearest
  ;; is six away.
  (func $fold (export "fold") (param $from i32) (param $to i32) (param $register i32) (result i32)
    (local $quotient i32)
    (local $out i32)
    (local $last i32)
    ;; Only block 0 is 32 blocks behind the oldest block: there the register goes in. The other blocks before it are 0.
    (local.set $quotient (i32.const 16896))
    (i32.store (local.get $quotient) (local.get $register))
    (local.set $out (i32.const 17408))
    (local.set $last (i32.sub (local.get $to) (i32.const 544)))
    (loop $turn
      (local.get $out)
      (v128.load offset=0 (local.get $from))
      (v128.xor (v128.load offset=0 (local.get $quotient)))
      (v128.xor (v128.load offset=16 (local.get $quotient)))
      (v128.xor (v128.load offset=32 (local.get $quotient)))
      (v128.xor (v128.load offset=64 (local.get $quotient)))
      (v128.xor (v128.load offset=80 (local.get $quotient)))
      (v128.xor (v128.load offset=112 (local.get $quotient)))
      (v128.xor (v128.load offset=128 (local.get $quotient)))
      (v128.xor (v128.load offset=160 (local.get $quotient)))
      (v128.xor (v128.load offset=176 (local.get $quotient)))
      (v128.xor (v128.load offset=192 (local.get $quotient)))
      (v128.xor (v128.load offset=256 (local.get $quotient)))
      (v128.xor (v128.load offset=352 (local.get $quotient)))
      (v128.xor (v128.load offset=368 (local.get $quotient)))
      (v128.xor (v128.load offset=416 (local.get $quotient)))
      v128.store offset=0
      (local.get $out)
      (v128.load offset=16 (local.get $from))
      (v128.xor (v128.load offset=16 (local.get $quotient)))
      (v128.xor (v128.load offset=32 (local.get $quotient)))
      (v128.xor (v128.load offset=48 (local.get $quotient)))
      (v128.xor (v128.load offset=80 (local.get $quotient)))
      (v128.xor (v128.load offset=96 (local.get $quotient)))
      (v128.xor (v128.load offset=128 (local.get $quotient)))
      (v128.xor (v128.load offset=144 (local.get $quotient)))
      (v128.xor (v128.load offset=176 (local.get $quotient)))
      (v128.xor (v128.load offset=192 (local.get $quotient)))
      (v128.xor (v128.load offset=208 (local.get $quotient)))
      (v128.xor (v128.load offset=272 (local.get $quotient)))
      (v128.xor (v128.load offset=368 (local.get $quotient)))
      (v128.xor (v128.load offset=384 (local.get $quotient)))
      (v128.xor (v128.load offset=432 (local.get $quotient)))
      v128.store offset=16
      (local.set $from (i32.add (local.get $from) (i32.const 32)))
      (local.set $quotient (i32.add (local.get $quotient) (i32.const 32)))
      (local.set $out (i32.add (local.get $out) (i32.const 32)))
      (br_if $turn (i32.le_s (local.get $from) (local.get $last)))
      ;; The quotient ends, zeros follow it; 32 blocks more go where the rest is. Behind these $out is at 16,896.
      (if (i32.gt_u (local.get $out) (i32.const 16896))
        (then
          (memory.fill (local.get $out) (i32.const 0) (i32.const 512))
          (local.set $out (i32.const 16384))
          (local.set $last (i32.add (local.get $from) (i32.const 480)))
          (br $turn))))
    (call $slice (local.get $from) (local.get $to)
      (call $slice (i32.const 16384) (i32.const 16896) (i32.const 0))))

  ;; Frames of the train that begins with the one at $frame, 1 ... 256: nearly every frame of a window is the one
  ;; before it with the next counter, the next number and other data, behind the same header of the link. All have a
  ;; right CRC-32 trailer. The first must be known to be good and without flag. The last of the others may have the flag.
  ;;
  ;; $stride leads from frame to frame, each $frameBytes long with its trailer, none beyond $burstEnd. At $layout:
  ;;
  ;;     0  mask of sixteen bytes: which bits must be those of the first frame
  ;;    16  how far in front of a frame the first of these sixteen is
  ;;    20  where in a frame the counter is: two bytes, the first the more significant
  ;;    24  where the number is, one byte
  ;;    28  where the flag is, and
  ;;    32  which bit of that byte
  (func (export "follow")
    (param $frame i32) (param $stride i32) (param $frameBytes i32) (param $burstEnd i32) (param $layout i32)
    (result i32)
    (local $mask v128)
    (local $head v128)
    (local $headBytes i32)
    (local $counterAt i32)
    (local $numberAt i32)
    (local $flagAt i32)
    (local $flag i32)
    (local $counter i32)
    (local $at i32)
    (local $number i32)
    (local $followed i32)
    (local.set $mask (v128.load (local.get $layout)))
    (local.set $headBytes (i32.load offset=16 (local.get $layout)))
    (local.set $counterAt (i32.load offset=20 (local.get $layout)))
    (local.set $numberAt (i32.load offset=24 (local.get $layout)))
    (local.set $flagAt (i32.load offset=28 (local.get $layout)))
    (local.set $flag (i32.load offset=32 (local.get $layout)))
    (local.set $head (v128.load (i32.sub (local.get $frame) (local.get $headBytes))))
    (local.set $at (i32.add (local.get $frame) (local.get $counterAt)))
    (local.set $counter
      (i32.or (i32.shl (i32.load8_u (local.get $at)) (i32.const 8)) (i32.load8_u offset=1 (local.get $at))))
    (local.set $number (i32.load8_u (i32.add (local.get $frame) (local.get $numberAt))))
    (local.set $followed (i32.const 1))
    (block $over
      (loop $next
        (br_if $over (i32.ge_s (local.get $followed) (i32.const 256)))
        (local.set $frame (i32.add (local.get $frame) (local.get $stride)))
        (br_if $over (i32.gt_s (i32.add (local.get $frame) (local.get $frameBytes)) (local.get $burstEnd)))
        (br_if $over
          (v128.any_true
            (v128.and
              (v128.xor (v128.load (i32.sub (local.get $frame) (local.get $headBytes))) (local.get $head))
              (local.get $mask))))
        (local.set $at (i32.add (local.get $frame) (local.get $counterAt)))
        (br_if $over
          (i32.ne
            (i32.or (i32.shl (i32.load8_u (local.get $at)) (i32.const 8)) (i32.load8_u offset=1 (local.get $at)))
            (i32.add (local.get $counter) (local.get $followed))))
        (br_if $over
          (i32.ne
            (i32.load8_u (i32.add (local.get $frame) (local.get $numberAt)))
            (i32.add (local.get $number) (local.get $followed))))
        (if (result i32) (i32.lt_s (local.get $frameBytes) (i32.const 1024))
          (then
            (call $slice (local.get $frame) (i32.add (local.get $frame) (local.get $frameBytes)) (i32.const -1)))
          (else
            (call $fold (local.get $frame) (i32.add (local.get $frame) (local.get $frameBytes)) (i32.const -1))))
        ;; What a register holds behind bytes and their own CRC, whatever the bytes.
        (br_if $over (i32.ne (i32.const 0x7bdd04c7)))
        (local.set $followed (i32.add (local.get $followed) (i32.const 1)))
        (br_if $next
          (i32.eqz
            (i32.and
              (i32.load8_u (i32.add (local.get $frame) (local.get $flagAt)))
              (local.get $flag))))))
    (local.get $followed))

  ;; Copies $dataBytes from each of $count places, the first at $data, to `gathered`.
  (func (export "gather") (param $data i32) (param $stride i32) (param $count i32) (param $dataBytes i32)
    (local $to i32)
    (local $tail i32)
    (local.set $to (global.get $gathered))
    ;; 16 to 32 bytes: two overlapping copies of sixteen.
    (if (i32.le_u (i32.sub (local.get $dataBytes) (i32.const 16)) (i32.const 16))
      (then
        (local.set $tail (i32.sub (local.get $dataBytes) (i32.const 16)))
        (loop $next
          (v128.store (local.get $to) (v128.load (local.get $data)))
          (v128.store
            (i32.add (local.get $to) (local.get $tail))
            (v128.load (i32.add (local.get $data) (local.get $tail))))
          (local.set $to (i32.add (local.get $to) (local.get $dataBytes)))
          (local.set $data (i32.add (local.get $data) (local.get $stride)))
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (br_if $next (i32.gt_s (local.get $count) (i32.const 0)))))
      (else
        (loop $next
          (memory.copy (local.get $to) (local.get $data) (local.get $dataBytes))
          (local.set $to (i32.add (local.get $to) (local.get $dataBytes)))
          (local.set $data (i32.add (local.get $data) (local.get $stride)))
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (br_if $next (i32.gt_s (local.get $count) (i32.const 0)))))))

  ;; NH of UMAC (RFC 4418 5.2.2), twice, the second time with the key sixteen bytes on: of each 1,024 bytes of $from ... $to - 1
  ;; two sums of 64 bits, sixteen bytes behind the head. The last stretch is filled up with zeros to whole steps of 32
  ;; bytes: that many behind $to are lost. Two messages of one length have the same sums by a chance of 2^-64; who does not
  ;; know the key cannot better it.
  ;;
  ;; Words of 32 bits, the least significant byte first: message and key are added, then each word of the first half of
  ;; a step multiplied by its fellow of the second half.
  (func $compress (param $from i32) (param $to i32) (result i32)
    (local $out i32)
    (local $end i32)
    (local $key i32)
    (local $first v128)
    (local $second v128)
    (local $next v128)
    (local $sum v128)
    (local $other v128)
    (local $a v128)
    (local $b v128)
    (v128.store (local.get $to) (v128.const i64x2 0 0))
    (v128.store offset=16 (local.get $to) (v128.const i64x2 0 0))
    (local.set $out (global.get $compressed))
    (block $over
      (loop $stretch
        (br_if $over (i32.ge_u (local.get $from) (local.get $to)))
        (local.set $end (i32.add (local.get $from) (i32.const 1024)))
        (if (i32.gt_u (local.get $end) (local.get $to)) (then (local.set $end (local.get $to))))
        (local.set $key (global.get $keys))
        (local.set $next (v128.load (local.get $key)))
        (local.set $sum (v128.const i64x2 0 0))
        (local.set $other (v128.const i64x2 0 0))
        (loop $step
          (local.set $first (v128.load (local.get $from)))
          (local.set $second (v128.load offset=16 (local.get $from)))
          (local.set $a (i32x4.add (local.get $first) (local.get $next)))
          (local.set $next (v128.load offset=16 (local.get $key)))
          (local.set $b (i32x4.add (local.get $second) (local.get $next)))
          (local.set $sum
            (i64x2.add
              (local.get $sum)
              (i64x2.add
                (i64x2.extmul_low_i32x4_u (local.get $a) (local.get $b))
                (i64x2.extmul_high_i32x4_u (local.get $a) (local.get $b)))))
          (local.set $a (i32x4.add (local.get $first) (local.get $next)))
          (local.set $next (v128.load offset=32 (local.get $key)))
          (local.set $b (i32x4.add (local.get $second) (local.get $next)))
          (local.set $other
            (i64x2.add
              (local.get $other)
              (i64x2.add
                (i64x2.extmul_low_i32x4_u (local.get $a) (local.get $b))
                (i64x2.extmul_high_i32x4_u (local.get $a) (local.get $b)))))
          (local.set $key (i32.add (local.get $key) (i32.const 32)))
          (local.set $from (i32.add (local.get $from) (i32.const 32)))
          (br_if $step (i32.lt_u (local.get $from) (local.get $end))))
        (i64.store (local.get $out)
          (i64.add (i64x2.extract_lane 0 (local.get $sum)) (i64x2.extract_lane 1 (local.get $sum))))
        (i64.store offset=8 (local.get $out)
          (i64.add (i64x2.extract_lane 0 (local.get $other)) (i64x2.extract_lane 1 (local.get $other))))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (br $stretch)))
    (local.get $out))

  ;; SipHash-2-4 (Aumasson and Bernstein, 2012) of $from ... $to - 1, whole words of 64 bits, with the key at $sipKey. The last
  ;; turn of $word takes the length; then four rounds end it.
  (func $sip (param $from i32) (param $to i32) (result i64)
    (local $v0 i64)
    (local $v1 i64)
    (local $v2 i64)
    (local $v3 i64)
    (local $word i64)
    (local $lengthWord i64)
    (local $rounds i32)
    (local.set $v0 (i64.xor (i64.load (global.get $sipKey)) (i64.const 0x736f6d6570736575)))
    (local.set $v1 (i64.xor (i64.load offset=8 (global.get $sipKey)) (i64.const 0x646f72616e646f6d)))
    (local.set $v2 (i64.xor (i64.load (global.get $sipKey)) (i64.const 0x6c7967656e657261)))
    (local.set $v3 (i64.xor (i64.load offset=8 (global.get $sipKey)) (i64.const 0x7465646279746573)))
    (local.set $lengthWord
      (i64.shl (i64.extend_i32_u (i32.sub (local.get $to) (local.get $from))) (i64.const 56)))
    (loop $next
      (local.set $word
        (if (result i64) (i32.lt_u (local.get $from) (local.get $to))
          (then (i64.load (local.get $from)))
          (else (local.get $lengthWord))))
      (local.set $v3 (i64.xor (local.get $v3) (local.get $word)))
      (local.set $rounds (i32.const 2))
      (loop $round
        (local.set $v0 (i64.add (local.get $v0) (local.get $v1)))
        (local.set $v1 (i64.xor (i64.rotl (local.get $v1) (i64.const 13)) (local.get $v0)))
        (local.set $v0 (i64.rotl (local.get $v0) (i64.const 32)))
        (local.set $v2 (i64.add (local.get $v2) (local.get $v3)))
        (local.set $v3 (i64.xor (i64.rotl (local.get $v3) (i64.const 16)) (local.get $v2)))
        (local.set $v0 (i64.add (local.get $v0) (local.get $v3)))
        (local.set $v3 (i64.xor (i64.rotl (local.get $v3) (i64.const 21)) (local.get $v0)))
        (local.set $v2 (i64.add (local.get $v2) (local.get $v1)))
        (local.set $v1 (i64.xor (i64.rotl (local.get $v1) (i64.const 17)) (local.get $v2)))
        (local.set $v2 (i64.rotl (local.get $v2) (i64.const 32)))
        (br_if $round (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
      (local.set $v0 (i64.xor (local.get $v0) (local.get $word)))
      (local.set $from (i32.add (local.get $from) (i32.const 8)))
      (br_if $next (i32.le_u (local.get $from) (local.get $to))))
    (local.set $v2 (i64.xor (local.get $v2) (i64.const 0xff)))
    (local.set $rounds (i32.const 4))
    (loop $round
      (local.set $v0 (i64.add (local.get $v0) (local.get $v1)))
      (local.set $v1 (i64.xor (i64.rotl (local.get $v1) (i64.const 13)) (local.get $v0)))
      (local.set $v0 (i64.rotl (local.get $v0) (i64.const 32)))
      (local.set $v2 (i64.add (local.get $v2) (local.get $v3)))
      (local.set $v3 (i64.xor (i64.rotl (local.get $v3) (i64.const 16)) (local.get $v2)))
      (local.set $v0 (i64.add (local.get $v0) (local.get $v3)))
      (local.set $v3 (i64.xor (i64.rotl (local.get $v3) (i64.const 21)) (local.get $v0)))
      (local.set $v2 (i64.add (local.get $v2) (local.get $v1)))
      (local.set $v1 (i64.xor (i64.rotl (local.get $v1) (i64.const 17)) (local.get $v2)))
      (local.set $v2 (i64.rotl (local.get $v2) (i64.const 32)))
      (br_if $round (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
    (i64.xor
      (i64.xor (local.get $v0) (local.get $v1))
      (i64.xor (local.get $v2) (local.get $v3))))

  ;; Makes the keys of the key that is where SipHash's is: SipHash of the numbers 2 ... 131 is NH's, of 0 and 1 the new one.
  (func (export "derive")
    (local $number i64)
    (local $at i32)
    (local.set $at (global.get $keys))
    (local.set $number (i64.const 2))
    (loop $next
      (i64.store (global.get $head) (local.get $number))
      (i64.store (local.get $at) (call $sip (global.get $head) (i32.add (global.get $head) (i32.const 8))))
      (local.set $number (i64.add (local.get $number) (i64.const 1)))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $next (i32.lt_u (local.get $at) (global.get $sipKey))))
    (i64.store (global.get $head) (i64.const 0))
    (i64.store (global.get $compressed) (call $sip (global.get $head) (i32.add (global.get $head) (i32.const 8))))
    (i64.store (global.get $head) (i64.const 1))
    (i64.store offset=8 (global.get $sipKey) (call $sip (global.get $head) (i32.add (global.get $head) (i32.const 8))))
    (i64.store (global.get $sipKey) (i64.load (global.get $compressed))))

  ;; Tag of the head and of the bytes $from ... $to - 1, put where the head is: NH makes little of much, SipHash a secret of that.
  (func (export "tag") (param $from i32) (param $to i32)
    (i64.store (global.get $head)
      (call $sip (global.get $head) (call $compress (local.get $from) (local.get $to))))))
