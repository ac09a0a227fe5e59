;; Aims anew what points elsewhere, as image/delta/aim.ts does, octet for octet. `npm run kernels` assembles this into modules.ts.
;;
;; The memory, as far as tables go; behind them as many pages as the longest piece needs:
;;
;;         0  +----------------------------------------------------------------------------------+ tables
;;            | three step tables (moves, words, distances), 28 octets each, see `step`          |     128
;;       128  +----------------------------------------------------------------------------------+ classes
;;            | what an octet of x64 may begin (256), of x86 (256), x64 with ModRM (256)         |     768
;;       896  +----------------------------------------------------------------------------------+ before
;;            | for each step table, steps that start before a bucket: 4,097 words               |  49,164
;;    50,060  +----------------------------------------------------------------------------------+ kinds
;;            | kinds of pages                                                                   |  65,536
;;   115,596  +----------------------------------------------------------------------------------+ steps
;;            | starts and shifts, 98,304 steps                                                  | 786,436
;;   902,032  +----------------------------------------------------------------------------------+ base
;;            | a page of the base, that kinds are tried on                                      |   4,096
;;   906,128  +----------------------------------------------------------------------------------+ target
;;            | what the target has for it                                                       |   4,096
;;   910,224  +----------------------------------------------------------------------------------+ room
;;            | the octets that are aimed                                                        |
(module
  (memory (export "memory") 15)
  (global (export "classes") i32 (i32.const 128))
  (global (export "before") i32 (i32.const 896))
  (global $kinds (export "kinds") i32 (i32.const 50060))
  (global (export "steps") i32 (i32.const 115596))
  (global $base (export "base") i32 (i32.const 902032))
  (global $target (export "target") i32 (i32.const 906128))
  (global $room (export "room") i32 (i32.const 910224))

  ;; The filter: number, octets of an instruction that may be one, its step.
  (global $filter (mut i32) (i32.const 0))
  (global $width (mut i32) (i32.const 0))
  (global $step (mut i32) (i32.const 0))
  ;; Of instructions of four octets: which bits tell a branch, and how; which bits are its operand, and how far these are from a word's end.
  (global $mask (mut i32) (i32.const 0))
  (global $match (mut i32) (i32.const 0))
  (global $field (mut i32) (i32.const 0))
  (global $left (mut i32) (i32.const 0))
  (global $absolute (mut i32) (i32.const 0))
  (global $big (mut i32) (i32.const 0))

  ;; The op: where it ends, what an address is in the base, how far the octets themselves have moved.
  (global $end (mut i32) (i32.const 0))
  (global $origin (mut i32) (i32.const 0))
  (global $own (mut i32) (i32.const 0))

  ;; Filters have the numbers that stand in deltas.
  (func (export "choose") (param $number i32)
    (global.set $filter (local.get $number))
    (global.set $absolute (i32.or (i32.eq (local.get $number) (i32.const 4)) (i32.eq (local.get $number) (i32.const 5))))
    (global.set $big (i32.eq (local.get $number) (i32.const 4)))
    (global.set $width (i32.const 4))
    (global.set $step (i32.const 4))
    (global.set $field (i32.const 0x03ffffff))
    (global.set $left (i32.const 6))
    (if (i32.eq (local.get $number) (i32.const 1)) (then
      (global.set $mask (i32.const 0x0e000000))
      (global.set $match (i32.const 0x0a000000))
      (global.set $field (i32.const 0x00ffffff))
      (global.set $left (i32.const 8))))
    (if (i32.eq (local.get $number) (i32.const 2)) (then (global.set $step (i32.const 2))))
    (if (i32.eq (local.get $number) (i32.const 3)) (then
      (global.set $mask (i32.const 0x7c000000))
      (global.set $match (i32.const 0x14000000))))
    (if (i32.eq (local.get $number) (i32.const 4)) (then
      (global.set $mask (i32.const 0x000000f8))
      (global.set $match (i32.const 0x00000008))))
    (if (i32.eq (local.get $number) (i32.const 5)) (then
      (global.set $mask (i32.const 0xf8000000))
      (global.set $match (i32.const 0x08000000))))
    (if (i32.ge_u (local.get $number) (i32.const 6)) (then
      (global.set $step (i32.const 1))
      (global.set $width (i32.add (local.get $number) (i32.const 1))))))

  (func $max (param $a i32) (param $b i32) (result i32)
    (select (local.get $a) (local.get $b) (i32.gt_s (local.get $a) (local.get $b))))

  (func $min (param $a i32) (param $b i32) (result i32)
    (select (local.get $a) (local.get $b) (i32.lt_s (local.get $a) (local.get $b))))

  (func $swap (param $word i32) (result i32)
    (i32.or
      (i32.and (i32.rotl (local.get $word) (i32.const 8)) (i32.const 0x00ff00ff))
      (i32.and (i32.rotr (local.get $word) (i32.const 8)) (i32.const 0xff00ff00))))

  ;; A step table: first start, last start, bits of a bucket, the last step (-1: it has none), where starts, shifts and buckets stand.
  ;; Address of the shift of the last step that begins at a place or before it; 0: none does.
  (func $find (param $table i32) (param $at i32) (result i32)
    (local $low i32) (local $high i32) (local $middle i32) (local $starts i32)
    (local.set $high (i32.load offset=12 (local.get $table)))
    (if (i32.lt_s (local.get $high) (i32.const 0)) (then (return (i32.const 0))))
    (if (i32.lt_s (local.get $at) (i32.load (local.get $table))) (then (return (i32.const 0))))
    (if (i32.ge_s (local.get $at) (i32.load offset=4 (local.get $table))) (then
      (return (i32.add (i32.load offset=20 (local.get $table)) (i32.shl (local.get $high) (i32.const 2))))))
    (local.set $low (i32.add (i32.load offset=24 (local.get $table)) (i32.shl
      (i32.shr_u (i32.sub (local.get $at) (i32.load (local.get $table))) (i32.load offset=8 (local.get $table)))
      (i32.const 2))))
    (local.set $high (i32.load offset=4 (local.get $low)))
    (local.set $low (i32.load (local.get $low)))
    (local.set $starts (i32.load offset=16 (local.get $table)))
    (block $found
      (loop $halve
        (br_if $found (i32.ge_s (local.get $low) (local.get $high)))
        (local.set $middle (i32.shr_u (i32.add (local.get $low) (local.get $high)) (i32.const 1)))
        (if (i32.le_s
            (i32.load (i32.add (local.get $starts) (i32.shl (local.get $middle) (i32.const 2))))
            (local.get $at))
          (then (local.set $low (i32.add (local.get $middle) (i32.const 1))))
          (else (local.set $high (local.get $middle))))
        (br $halve)))
    (i32.add
      (i32.load offset=20 (local.get $table))
      (i32.shl (i32.sub (local.get $low) (i32.const 1)) (i32.const 2))))

  ;; By how much a branch goes farther.
  (func $farther (param $operand i32) (param $at i32) (result i32)
    (local $shift i32)
    (if (i32.eqz (global.get $absolute)) (then
      (local.set $operand (i32.add (local.get $operand) (i32.add (local.get $at) (global.get $origin))))))
    (local.set $shift (call $find (i32.const 0) (local.get $operand)))
    (if (i32.eqz (local.get $shift)) (then (return (i32.const 0))))
    (local.set $shift (i32.load (local.get $shift)))
    (if (i32.eqz (global.get $absolute)) (then
      (local.set $shift (i32.sub (local.get $shift) (global.get $own)))))
    (local.get $shift))

  ;; An address that is not before another, and stands in the base at a multiple of $step.
  (func $aligned (param $at i32) (param $step i32) (result i32)
    (i32.add (local.get $at) (i32.and
      (i32.sub (i32.const 0) (i32.add (global.get $origin) (local.get $at)))
      (i32.sub (local.get $step) (i32.const 1)))))

  ;; Four at a time are passed over that are all before the first step, or behind the last where that moves nothing.
  (func $moveWords (param $at i32) (param $stop i32)
    (local $last i32) (local $first v128) (local $behind v128) (local $four v128)
    (local.set $last (i32.load offset=44 (i32.const 0)))
    (if (i32.lt_s (local.get $last) (i32.const 0)) (then (return)))
    (local.set $first (i32x4.splat (i32.load offset=32 (i32.const 0))))
    (local.set $behind (i32x4.splat (select
      (i32.const 0x7fffffff)
      (i32.sub (i32.load offset=36 (i32.const 0)) (i32.const 1))
      (i32.load (i32.add (i32.load offset=52 (i32.const 0)) (i32.shl (local.get $last) (i32.const 2)))))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_s (local.get $at) (local.get $stop)))
        (if (i32.lt_s (i32.add (local.get $at) (i32.const 12)) (local.get $stop)) (then
          (local.set $four (v128.load align=1 (local.get $at)))
          (if (global.get $big) (then (local.set $four (i8x16.shuffle
            3 2 1 0 7 6 5 4 11 10 9 8 15 14 13 12 (local.get $four) (local.get $four)))))
          (if (i32.eqz (v128.any_true (v128.andnot
              (i32x4.ge_s (local.get $four) (local.get $first))
              (i32x4.gt_s (local.get $four) (local.get $behind)))))
            (then
              (local.set $at (i32.add (local.get $at) (i32.const 16)))
              (br $next)))))
        (drop (call $moveWord (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $next))))

  ;; Whether a word was changed.
  (func $moveWord (param $at i32) (result i32)
    (local $word i32) (local $by i32)
    (local.set $word (i32.load align=1 (local.get $at)))
    (if (global.get $big) (then (local.set $word (call $swap (local.get $word)))))
    (local.set $by (call $find (i32.const 32) (local.get $word)))
    (if (i32.eqz (local.get $by)) (then (return (i32.const 0))))
    (local.set $by (i32.load (local.get $by)))
    (if (i32.eqz (local.get $by)) (then (return (i32.const 0))))
    (local.set $word (i32.add (local.get $word) (local.get $by)))
    (if (global.get $big) (then (local.set $word (call $swap (local.get $word)))))
    (i32.store align=1 (local.get $at) (local.get $word))
    (i32.const 1))

  (func $words (param $from i32) (param $to i32) (result i32)
    (local $at i32) (local $stop i32)
    (local.set $stop (call $min (local.get $to) (i32.sub (global.get $end) (i32.const 3))))
    (local.set $at (call $aligned (local.get $from) (i32.const 4)))
    (call $moveWords (local.get $at) (local.get $stop))
    (call $behind (local.get $at) (local.get $stop) (local.get $to)))

  ;; Where what comes behind words goes on.
  (func $behind (param $at i32) (param $stop i32) (param $to i32) (result i32)
    (if (i32.lt_s (local.get $at) (local.get $stop)) (then
      (local.set $at (i32.add (local.get $at) (i32.and
        (i32.add (i32.sub (local.get $stop) (local.get $at)) (i32.const 3))
        (i32.const -4))))))
    (call $max (local.get $at) (local.get $to)))

  (func $distances (param $from i32) (param $to i32) (result i32)
    (local $at i32) (local $stop i32) (local $word i32) (local $by i32)
    (local.set $stop (call $min (local.get $to) (i32.sub (global.get $end) (i32.const 3))))
    (local.set $at (call $aligned (local.get $from) (i32.const 4)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_s (local.get $at) (local.get $stop)))
        (local.set $word (i32.load align=1 (local.get $at)))
        (if (global.get $big) (then (local.set $word (call $swap (local.get $word)))))
        (local.set $by (call $find (i32.const 64)
          (i32.add (local.get $word) (i32.add (global.get $origin) (local.get $at)))))
        (if (local.get $by) (then
          (local.set $word (i32.add (local.get $word) (i32.sub (i32.load (local.get $by)) (global.get $own))))
          (if (global.get $big) (then (local.set $word (call $swap (local.get $word)))))
          (i32.store align=1 (local.get $at) (local.get $word))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $next)))
    (call $max (local.get $at) (local.get $to)))

  ;; Instructions of four octets: the next that is a branch.
  (func $nextFixed (param $at i32) (param $stop i32) (result i32)
    (local $masks v128) (local $matches v128)
    (local.set $masks (i32x4.splat (global.get $mask)))
    (local.set $matches (i32x4.splat (global.get $match)))
    (block $found
      (loop $four
        (br_if $found (i32.ge_s (i32.add (local.get $at) (i32.const 12)) (local.get $stop)))
        (br_if $found (v128.any_true (i32x4.eq
          (v128.and (v128.load align=1 (local.get $at)) (local.get $masks))
          (local.get $matches))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $four)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_s (local.get $at) (local.get $stop)))
        (br_if $done (i32.eq
          (i32.and (i32.load align=1 (local.get $at)) (global.get $mask))
          (global.get $match)))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $next)))
    (local.get $at))

  (func $aimFixed (param $at i32)
    (local $word i32) (local $operand i32) (local $by i32)
    (local.set $word (i32.load align=1 (local.get $at)))
    (if (global.get $big) (then (local.set $word (call $swap (local.get $word)))))
    (local.set $operand (if (result i32) (global.get $absolute)
      (then (i32.shl (i32.and (local.get $word) (global.get $field)) (i32.const 2)))
      (else (i32.shr_s
        (i32.shl (local.get $word) (global.get $left))
        (i32.sub (global.get $left) (i32.const 2))))))
    (local.set $by (call $farther (local.get $operand) (local.get $at)))
    (if (i32.eqz (local.get $by)) (then (return)))
    (local.set $word (i32.or
      (i32.and (local.get $word) (i32.xor (global.get $field) (i32.const -1)))
      (i32.and
        (i32.shr_u (i32.add (local.get $operand) (local.get $by)) (i32.const 2))
        (global.get $field))))
    (if (global.get $big) (then (local.set $word (call $swap (local.get $word)))))
    (i32.store align=1 (local.get $at) (local.get $word)))

  (func $branchesFixed (param $from i32) (param $to i32) (param $withWords i32) (result i32)
    (local $at i32) (local $stop i32) (local $branch i32)
    (local.set $stop (call $min (local.get $to) (i32.sub (global.get $end) (i32.const 3))))
    (local.set $at (call $aligned (local.get $from) (i32.const 4)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_s (local.get $at) (local.get $stop)))
        (local.set $branch (call $nextFixed (local.get $at) (local.get $stop)))
        ;; Between two branches all is words.
        (if (local.get $withWords) (then
          (call $moveWords (local.get $at) (call $min (local.get $branch) (local.get $stop)))))
        (local.set $at (local.get $branch))
        (br_if $done (i32.ge_s (local.get $at) (local.get $stop)))
        (call $aimFixed (local.get $at))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $next)))
    (call $max (local.get $at) (local.get $to)))

  ;; T32: 11110Sxx in the first halfword; 11x1 or 1100 (BLX) in the second, or 10x1 (B.W).
  (func $isThumb (param $word i32) (result i32)
    (i32.and
      (i32.eq (i32.and (local.get $word) (i32.const 0x8000f800)) (i32.const 0x8000f000))
      (i32.ne (i32.and (local.get $word) (i32.const 0x50000000)) (i32.const 0))))

  (func $aimThumb (param $at i32)
    (local $word i32) (local $sign i32) (local $operand i32) (local $by i32)
    (local.set $word (i32.load align=1 (local.get $at)))
    (local.set $sign (i32.and (i32.shr_u (local.get $word) (i32.const 10)) (i32.const 1)))
    (local.set $operand (i32.or
      (i32.or
        (i32.shl (i32.sub (i32.const 0) (local.get $sign)) (i32.const 24))
        (i32.shl
          (i32.xor (i32.and (i32.shr_u (local.get $word) (i32.const 29)) (i32.const 1)) (i32.xor (local.get $sign) (i32.const 1)))
          (i32.const 23)))
      (i32.or
        (i32.shl
          (i32.xor (i32.and (i32.shr_u (local.get $word) (i32.const 27)) (i32.const 1)) (i32.xor (local.get $sign) (i32.const 1)))
          (i32.const 22))
        (i32.or
          (i32.shl (i32.and (local.get $word) (i32.const 0x3ff)) (i32.const 12))
          (i32.shl (i32.and (i32.shr_u (local.get $word) (i32.const 16)) (i32.const 0x7ff)) (i32.const 1))))))
    (local.set $by (call $farther (local.get $operand) (local.get $at)))
    (if (i32.eqz (local.get $by)) (then (return)))
    (local.set $operand (i32.add (local.get $operand) (local.get $by)))
    (local.set $sign (i32.and (i32.shr_u (local.get $operand) (i32.const 24)) (i32.const 1)))
    (i32.store align=1 (local.get $at) (i32.or
      (i32.or
        (i32.or
          (i32.and (local.get $word) (i32.const 0xd0000000))
          (i32.or (i32.const 0xf000) (i32.shl (local.get $sign) (i32.const 10))))
        (i32.and (i32.shr_u (local.get $operand) (i32.const 12)) (i32.const 0x3ff)))
      (i32.or
        (i32.shl
          (i32.and (i32.shr_u (local.get $operand) (i32.const 1)) (i32.const 0x7ff))
          (i32.const 16))
        (i32.or
          (i32.shl
            (i32.xor (i32.and (i32.shr_u (local.get $operand) (i32.const 23)) (i32.const 1)) (i32.xor (local.get $sign) (i32.const 1)))
            (i32.const 29))
          (i32.shl
            (i32.xor (i32.and (i32.shr_u (local.get $operand) (i32.const 22)) (i32.const 1)) (i32.xor (local.get $sign) (i32.const 1)))
            (i32.const 27)))))))

  (func $branchesThumb (param $from i32) (param $to i32) (param $withWords i32) (result i32)
    (local $at i32) (local $stop i32) (local $by i32)
    (local.set $stop (call $min (local.get $to) (i32.sub (global.get $end) (i32.const 3))))
    (local.set $at (call $aligned (local.get $from) (i32.const 2)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_s (local.get $at) (local.get $stop)))
        (if (i32.eqz (local.get $withWords)) (then
          (if (i32.lt_s (i32.add (local.get $at) (i32.const 14)) (local.get $stop)) (then
            (if (i32.eqz (v128.any_true (i16x8.eq
                (v128.and (v128.load align=1 (local.get $at)) (v128.const i32x4 0xf800f800 0xf800f800 0xf800f800 0xf800f800))
                (v128.const i32x4 0xf000f000 0xf000f000 0xf000f000 0xf000f000))))
              (then
                (local.set $at (i32.add (local.get $at) (i32.const 16)))
                (br $next)))))))
        (local.set $by (i32.const 2))
        (if (call $isThumb (i32.load align=1 (local.get $at)))
          (then
            (call $aimThumb (local.get $at))
            (local.set $by (i32.const 4)))
          (else (if (local.get $withWords) (then
            (if (i32.eqz (i32.and (i32.add (local.get $at) (global.get $origin)) (i32.const 3))) (then
              (if (call $moveWord (local.get $at)) (then (local.set $by (i32.const 4))))))))))
        (local.set $at (i32.add (local.get $at) (local.get $by)))
        (br $next)))
    (call $max (local.get $at) (local.get $to)))

  ;; Octets in front of the operand of a branch of x86 or x64; 0: none begins here. $class is what its first octet may begin:
  ;; 1 REL32, 2 0F, 3 REX, 4 VEX, 5 an opcode.
  (func $operandIn (param $at i32) (param $class i32) (result i32)
    (local $word i32) (local $in i32)
    (local.set $word (i32.load align=1 (local.get $at)))
    (block $none
      (block $opcode (block $vex (block $rex (block $escape (block $rel32
        (br_table $none $rel32 $escape $rex $vex $opcode $none (local.get $class)))
        (local.set $in (i32.const 1))
        (br $none))
        (if (i32.eq (i32.and (local.get $word) (i32.const 0xf000)) (i32.const 0x8000))
          (then (local.set $in (i32.const 2)))
          (else (if (i32.and
              (i32.eq (global.get $filter) (i32.const 7))
              (i32.eq (i32.and (local.get $word) (i32.const 0xc70000)) (i32.const 0x050000)))
            (then (local.set $in (i32.const 3))))))
        (br $none))
        (if (i32.eq (i32.and (local.get $word) (i32.const 0xc70000)) (i32.const 0x050000))
          (then (local.set $in (i32.const 3)))
          (else (if (i32.and
              (i32.eq (global.get $filter) (i32.const 7))
              (i32.eq (i32.and (local.get $word) (i32.const 0xc700ff00)) (i32.const 0x05000f00)))
            (then (local.set $in (i32.const 4))))))
        (br $none))
        (if (i32.eq (i32.and (local.get $word) (i32.const 0xc7000000)) (i32.const 0x05000000))
          (then (local.set $in (i32.const 4))))
        (br $none))
      (if (i32.eq (i32.and (local.get $word) (i32.const 0xc700)) (i32.const 0x0500))
        (then (local.set $in (i32.const 2)))))
    (if (result i32) (local.get $in)
      (then
        ;; The highest octet of a displacement that an image can have.
        (local.set $word (i32.load8_u offset=3 (i32.add (local.get $at) (local.get $in))))
        (select (local.get $in) (i32.const 0)
          (i32.or (i32.lt_u (local.get $word) (i32.const 0x10)) (i32.ge_u (local.get $word) (i32.const 0xf0)))))
      (else (i32.const 0))))

  ;; Octets in front of a word in code of x64 that says where something is; 0: none begins here.
  (func $wordIn (param $at i32) (result i32)
    (local $octet i32) (local $modrm i32) (local $mod i32) (local $in i32)
    (local.set $octet (i32.load8_u (local.get $at)))
    (if (i32.or
        (i32.eq (i32.and (local.get $octet) (i32.const 0xf8)) (i32.const 0xb8))
        (i32.eq (local.get $octet) (i32.const 0x68)))
      (then (return (i32.const 1))))
    (local.set $modrm (i32.load8_u offset=1 (local.get $at)))
    (if (i32.eq (local.get $octet) (i32.const 0xc7)) (then
      (local.set $mod (i32.shr_u (local.get $modrm) (i32.const 6)))
      (if (i32.eq (local.get $mod) (i32.const 3)) (then (return (i32.const 2))))
      (if (i32.eq (local.get $mod) (i32.const 2)) (then (return (i32.const 0))))
      (local.set $in (i32.add (i32.const 2)
        (i32.eq (i32.and (local.get $modrm) (i32.const 7)) (i32.const 4))))
      (return (i32.add (local.get $in) (local.get $mod)))))
    (if (i32.and
        (i32.load8_u offset=640 (local.get $octet))
        (i32.eq (i32.and (local.get $modrm) (i32.const 0xc7)) (i32.const 0x04)))
      (then (return (select (i32.const 3) (i32.const 0)
        (i32.eq (i32.and (i32.load8_u offset=2 (local.get $at)) (i32.const 7)) (i32.const 5))))))
    (if (i32.eq (i32.and (local.get $octet) (i32.const 0xc7)) (i32.const 5)) (then (return (i32.const 1))))
    (select (i32.const 2) (i32.const 0)
      (i32.and
        (i32.eq (local.get $octet) (i32.const 0x81))
        (i32.ge_u (local.get $modrm) (i32.const 0xc0)))))

  (func $branchesX86 (param $from i32) (param $to i32) (param $withWords i32) (result i32)
    (local $stop i32) (local $class i32) (local $in i32) (local $by i32) (local $classes i32)
    (local.set $stop (call $min (local.get $to) (i32.sub (i32.add (global.get $end) (i32.const 1)) (global.get $width))))
    (local.set $classes (select (i32.const 128) (i32.const 384) (i32.eq (global.get $filter) (i32.const 7))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_s (local.get $from) (local.get $stop)))
        (local.set $class (i32.load8_u (i32.add (local.get $classes) (i32.load8_u (local.get $from)))))
        (local.set $in (if (result i32) (local.get $class)
          (then (call $operandIn (local.get $from) (local.get $class)))
          (else (i32.const 0))))
        (if (local.get $in) (then
          (local.set $in (i32.add (local.get $from) (local.get $in)))
          (local.set $by (call $farther (i32.load align=1 (local.get $in)) (local.get $from)))
          (if (local.get $by) (then
            (i32.store align=1 (local.get $in) (i32.add (i32.load align=1 (local.get $in)) (local.get $by)))))
          (local.set $from (i32.add (local.get $in) (i32.const 4)))
          (br $next)))
        (if (local.get $withWords) (then
          (if (i32.eq (global.get $filter) (i32.const 7))
            (then
              (local.set $in (call $wordIn (local.get $from)))
              (if (local.get $in) (then
                (local.set $in (i32.add (local.get $from) (local.get $in)))
                (if (call $moveWord (local.get $in)) (then
                  (local.set $from (i32.add (local.get $in) (i32.const 4)))
                  (br $next))))))
            (else
              (if (i32.eqz (i32.and (i32.add (local.get $from) (global.get $origin)) (i32.const 3))) (then
                (if (call $moveWord (local.get $from)) (then
                  (local.set $from (i32.add (local.get $from) (i32.const 4)))
                  (br $next)))))))))
        (local.set $from (i32.add (local.get $from) (i32.const 1)))
        (br $next)))
    (call $max (local.get $from) (local.get $to)))

  (func $branches (param $from i32) (param $to i32) (param $withWords i32) (result i32)
    (if (i32.eq (global.get $filter) (i32.const 2)) (then
      (return (call $branchesThumb (local.get $from) (local.get $to) (local.get $withWords)))))
    (if (i32.ge_u (global.get $filter) (i32.const 6)) (then
      (return (call $branchesX86 (local.get $from) (local.get $to) (local.get $withWords)))))
    (call $branchesFixed (local.get $from) (local.get $to) (local.get $withWords)))

  ;; Where the next pages go on.
  (func $pages (param $kind i32) (param $from i32) (param $to i32) (result i32)
    (if (i32.eq (local.get $kind) (i32.const 1)) (then
      (return (call $branches (local.get $from) (local.get $to) (i32.const 0)))))
    (if (i32.eq (local.get $kind) (i32.const 2)) (then
      (return (call $words (local.get $from) (local.get $to)))))
    (if (i32.eq (local.get $kind) (i32.const 3)) (then
      (return (call $distances (local.get $from) (local.get $to)))))
    (if (i32.eq (local.get $kind) (i32.const 4)) (then
      (return (call $branches (local.get $from) (local.get $to) (i32.const 1)))))
    (call $max (local.get $from) (local.get $to)))

  ;; Aims as many octets from `room` on, as pages of one kind; -1: each page as its kind says.
  (func $aim (export "aim") (param $kind i32) (param $bytes i32) (param $baseAt i32) (param $shift i32)
    (local $from i32) (local $page i32) (local $pageEnd i32)
    (global.set $end (i32.add (global.get $room) (local.get $bytes)))
    (global.set $origin (i32.sub (local.get $baseAt) (global.get $room)))
    (global.set $own (local.get $shift))
    (local.set $from (global.get $room))
    (if (i32.ge_s (local.get $kind) (i32.const 0)) (then
      (drop (call $pages (local.get $kind) (local.get $from) (global.get $end)))
      (return)))
    (local.set $page (i32.shr_u (local.get $baseAt) (i32.const 12)))
    (loop $run
      (if (i32.lt_s (local.get $pageEnd) (global.get $end)) (then
        (local.set $kind (i32.load8_u (i32.add (global.get $kinds) (local.get $page))))
        (loop $same
          (local.set $page (i32.add (local.get $page) (i32.const 1)))
          (local.set $pageEnd (call $min (global.get $end)
            (i32.sub (i32.shl (local.get $page) (i32.const 12)) (global.get $origin))))
          (br_if $same (i32.and
            (i32.lt_s (local.get $pageEnd) (global.get $end))
            (i32.eq (i32.load8_u (i32.add (global.get $kinds) (local.get $page))) (local.get $kind)))))
        (local.set $from (call $pages (local.get $kind) (local.get $from) (local.get $pageEnd)))
        (br $run)))))

  ;; Octets that are not alike.
  (func $differing (export "differing") (param $one i32) (param $other i32) (param $bytes i32) (result i32)
    (local $end i32) (local $count i32)
    (local.set $end (i32.add (local.get $one) (local.get $bytes)))
    (block $rest
      (loop $sixteen
        (br_if $rest (i32.gt_s (i32.add (local.get $one) (i32.const 16)) (local.get $end)))
        (local.set $count (i32.add (local.get $count) (i32.popcnt (i8x16.bitmask (i8x16.ne
          (v128.load align=1 (local.get $one))
          (v128.load align=1 (local.get $other)))))))
        (local.set $one (i32.add (local.get $one) (i32.const 16)))
        (local.set $other (i32.add (local.get $other) (i32.const 16)))
        (br $sixteen)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_s (local.get $one) (local.get $end)))
        (local.set $count (i32.add (local.get $count)
          (i32.ne (i32.load8_u (local.get $one)) (i32.load8_u (local.get $other)))))
        (local.set $one (i32.add (local.get $one) (i32.const 1)))
        (local.set $other (i32.add (local.get $other) (i32.const 1)))
        (br $next)))
    (local.get $count))

  ;; Octets of `target` that are wrong when those of `base` are aimed as of one kind.
  (func (export "wrong") (param $kind i32) (param $bytes i32) (param $baseAt i32) (param $shift i32) (result i32)
    (memory.copy (global.get $room) (global.get $base) (local.get $bytes))
    (call $aim (local.get $kind) (local.get $bytes) (local.get $baseAt) (local.get $shift))
    (call $differing (global.get $room) (global.get $target) (local.get $bytes))))
