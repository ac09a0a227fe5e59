;; The inner loop of the parity code with SIMD: one, two or four products of one source at a time, sixteen bytes a step.
;; `npm run kernels` assembles this into ../modules.ts.
;;
;; A product by a constant is two table look-ups of sixteen entries, one for each half of a byte, which is what
;; i8x16.swizzle does sixteen times at once.
;;
;; The memory, one page at first, grown to what a window needs:
;;
;;        0  +------------------------------------------------------------------------------+
;;           | product tables of all 256 constants: 16 products of low halves, 16 of high   |  8,192
;;    8,192  +------------------------------------------------------------------------------+
;;           | coefficients: 4 bytes for each source, however many targets there are        |  1,024
;;    9,216  +------------------------------------------------------------------------------+
;;           | the sources, 16 bytes of slack behind them, the targets: as the caller says  |
;;           +------------------------------------------------------------------------------+
;;
;; For each of $count sources and each of the targets: target ^= coefficient x source, over $blocks x 16 bytes.
(module
  (memory (export "memory") 1)

  ;; One target.
  (func (export "accumulate1")
    (param $source i32) (param $sourceStride i32) (param $count i32) (param $blocks i32)
    (param $target i32) (param $targetStride i32) (param $coefficients i32)
    (local $from i32) (local $to i32) (local $left i32) (local $at i32) (local $table i32)
    (local $bytes v128) (local $low v128) (local $high v128)
    (local $low0 v128) (local $high0 v128)
    (block $done
      (loop $nextSource
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $table (i32.shl (i32.load8_u (local.get $coefficients)) (i32.const 5)))
        (local.set $low0 (v128.load (local.get $table)))
        (local.set $high0 (v128.load offset=16 (local.get $table)))
        (local.set $from (local.get $source))
        (local.set $to (local.get $target))
        (local.set $left (local.get $blocks))
        (loop $nextBlock
          (local.set $bytes (v128.load (local.get $from)))
          (local.set $low (v128.and (local.get $bytes) (v128.const i32x4 0x0f0f0f0f 0x0f0f0f0f 0x0f0f0f0f 0x0f0f0f0f)))
          (local.set $high (i8x16.shr_u (local.get $bytes) (i32.const 4)))
          (local.set $at (local.get $to))
          (local.get $at)
          (v128.load (local.get $at))
          (v128.xor (i8x16.swizzle (local.get $low0) (local.get $low)))
          (v128.xor (i8x16.swizzle (local.get $high0) (local.get $high)))
          v128.store
          (local.set $from (i32.add (local.get $from) (i32.const 16)))
          (local.set $to (i32.add (local.get $to) (i32.const 16)))
          (local.set $left (i32.sub (local.get $left) (i32.const 1)))
          (br_if $nextBlock (local.get $left)))
        (local.set $source (i32.add (local.get $source) (local.get $sourceStride)))
        (local.set $coefficients (i32.add (local.get $coefficients) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $nextSource))))

  ;; Two targets, $targetStride from one to the next.
  (func (export "accumulate2")
    (param $source i32) (param $sourceStride i32) (param $count i32) (param $blocks i32)
    (param $target i32) (param $targetStride i32) (param $coefficients i32)
    (local $from i32) (local $to i32) (local $left i32) (local $at i32) (local $table i32)
    (local $bytes v128) (local $low v128) (local $high v128)
    (local $low0 v128) (local $high0 v128)
    (local $low1 v128) (local $high1 v128)
    (block $done
      (loop $nextSource
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $table (i32.shl (i32.load8_u (local.get $coefficients)) (i32.const 5)))
        (local.set $low0 (v128.load (local.get $table)))
        (local.set $high0 (v128.load offset=16 (local.get $table)))
        (local.set $table (i32.shl (i32.load8_u offset=1 (local.get $coefficients)) (i32.const 5)))
        (local.set $low1 (v128.load (local.get $table)))
        (local.set $high1 (v128.load offset=16 (local.get $table)))
        (local.set $from (local.get $source))
        (local.set $to (local.get $target))
        (local.set $left (local.get $blocks))
        (loop $nextBlock
          (local.set $bytes (v128.load (local.get $from)))
          (local.set $low (v128.and (local.get $bytes) (v128.const i32x4 0x0f0f0f0f 0x0f0f0f0f 0x0f0f0f0f 0x0f0f0f0f)))
          (local.set $high (i8x16.shr_u (local.get $bytes) (i32.const 4)))
          (local.set $at (local.get $to))
          (local.get $at)
          (v128.load (local.get $at))
          (v128.xor (i8x16.swizzle (local.get $low0) (local.get $low)))
          (v128.xor (i8x16.swizzle (local.get $high0) (local.get $high)))
          v128.store
          (local.set $at (i32.add (local.get $at) (local.get $targetStride)))
          (local.get $at)
          (v128.load (local.get $at))
          (v128.xor (i8x16.swizzle (local.get $low1) (local.get $low)))
          (v128.xor (i8x16.swizzle (local.get $high1) (local.get $high)))
          v128.store
          (local.set $from (i32.add (local.get $from) (i32.const 16)))
          (local.set $to (i32.add (local.get $to) (i32.const 16)))
          (local.set $left (i32.sub (local.get $left) (i32.const 1)))
          (br_if $nextBlock (local.get $left)))
        (local.set $source (i32.add (local.get $source) (local.get $sourceStride)))
        (local.set $coefficients (i32.add (local.get $coefficients) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $nextSource))))

  ;; Four.
  (func (export "accumulate4")
    (param $source i32) (param $sourceStride i32) (param $count i32) (param $blocks i32)
    (param $target i32) (param $targetStride i32) (param $coefficients i32)
    (local $from i32) (local $to i32) (local $left i32) (local $at i32) (local $table i32)
    (local $bytes v128) (local $low v128) (local $high v128)
    (local $low0 v128) (local $high0 v128)
    (local $low1 v128) (local $high1 v128)
    (local $low2 v128) (local $high2 v128)
    (local $low3 v128) (local $high3 v128)
    (block $done
      (loop $nextSource
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $table (i32.shl (i32.load8_u (local.get $coefficients)) (i32.const 5)))
        (local.set $low0 (v128.load (local.get $table)))
        (local.set $high0 (v128.load offset=16 (local.get $table)))
        (local.set $table (i32.shl (i32.load8_u offset=1 (local.get $coefficients)) (i32.const 5)))
        (local.set $low1 (v128.load (local.get $table)))
        (local.set $high1 (v128.load offset=16 (local.get $table)))
        (local.set $table (i32.shl (i32.load8_u offset=2 (local.get $coefficients)) (i32.const 5)))
        (local.set $low2 (v128.load (local.get $table)))
        (local.set $high2 (v128.load offset=16 (local.get $table)))
        (local.set $table (i32.shl (i32.load8_u offset=3 (local.get $coefficients)) (i32.const 5)))
        (local.set $low3 (v128.load (local.get $table)))
        (local.set $high3 (v128.load offset=16 (local.get $table)))
        (local.set $from (local.get $source))
        (local.set $to (local.get $target))
        (local.set $left (local.get $blocks))
        (loop $nextBlock
          (local.set $bytes (v128.load (local.get $from)))
          (local.set $low (v128.and (local.get $bytes) (v128.const i32x4 0x0f0f0f0f 0x0f0f0f0f 0x0f0f0f0f 0x0f0f0f0f)))
          (local.set $high (i8x16.shr_u (local.get $bytes) (i32.const 4)))
          (local.set $at (local.get $to))
          (local.get $at)
          (v128.load (local.get $at))
          (v128.xor (i8x16.swizzle (local.get $low0) (local.get $low)))
          (v128.xor (i8x16.swizzle (local.get $high0) (local.get $high)))
          v128.store
          (local.set $at (i32.add (local.get $at) (local.get $targetStride)))
          (local.get $at)
          (v128.load (local.get $at))
          (v128.xor (i8x16.swizzle (local.get $low1) (local.get $low)))
          (v128.xor (i8x16.swizzle (local.get $high1) (local.get $high)))
          v128.store
          (local.set $at (i32.add (local.get $at) (local.get $targetStride)))
          (local.get $at)
          (v128.load (local.get $at))
          (v128.xor (i8x16.swizzle (local.get $low2) (local.get $low)))
          (v128.xor (i8x16.swizzle (local.get $high2) (local.get $high)))
          v128.store
          (local.set $at (i32.add (local.get $at) (local.get $targetStride)))
          (local.get $at)
          (v128.load (local.get $at))
          (v128.xor (i8x16.swizzle (local.get $low3) (local.get $low)))
          (v128.xor (i8x16.swizzle (local.get $high3) (local.get $high)))
          v128.store
          (local.set $from (i32.add (local.get $from) (i32.const 16)))
          (local.set $to (i32.add (local.get $to) (i32.const 16)))
          (local.set $left (i32.sub (local.get $left) (i32.const 1)))
          (br_if $nextBlock (local.get $left)))
        (local.set $source (i32.add (local.get $source) (local.get $sourceStride)))
        (local.set $coefficients (i32.add (local.get $coefficients) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $nextSource)))))
