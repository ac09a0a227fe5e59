;; AES-128 in cipher block chaining with a zero vector (FIPS 197, SP 800-38A), of which only the last block is kept, as a
;; CMAC needs it. `npm run kernels` assembles this into modules.ts.
;;
;; A word is a column of the state, row 0 least significant. SubBytes, ShiftRows and MixColumns of a round are one look-up
;; for each byte: the table of its row holds what the byte contributes to its column. ShiftRows: row r of column c comes
;; from column c + r.
;;
;; The memory, one page:
;;
;;        0  +-----------------------------------------------------------------+
;;           | a table for each row: 256 words                                 |  4,096
;;    4,096  +-----------------------------------------------------------------+ sbox
;;           | the S-box                                                       |    256
;;    4,352  +-----------------------------------------------------------------+ schedule
;;           | eleven round keys                                               |    176
;;    4,528  +-----------------------------------------------------------------+ last
;;           | the last block of the last chain                                |     16
;;    4,544  +-----------------------------------------------------------------+ input
;;           | the message, filled up to whole blocks                          |    256
;;           +-----------------------------------------------------------------+
(module
  (memory (export "memory") 1)
  (global (export "sbox") i32 (i32.const 4096))
  (global (export "schedule") i32 (i32.const 4352))
  (global (export "last") i32 (i32.const 4528))
  (global (export "input") i32 (i32.const 4544))

  ;; Chains the blocks in `from` ... `to` - 1, at least one.
  (func (export "chain") (param $from i32) (param $to i32)
    ;; The columns of the state before a round and behind it.
    (local $a0 i32) (local $a1 i32) (local $a2 i32) (local $a3 i32)
    (local $b0 i32) (local $b1 i32) (local $b2 i32) (local $b3 i32)
    (local $roundKey i32)
    (loop $block
      (i32.load (local.get $from))
      (i32.xor (local.get $a0))
      (i32.xor (i32.load offset=4352 (i32.const 0)))
      local.set $a0
      (i32.load offset=4 (local.get $from))
      (i32.xor (local.get $a1))
      (i32.xor (i32.load offset=4356 (i32.const 0)))
      local.set $a1
      (i32.load offset=8 (local.get $from))
      (i32.xor (local.get $a2))
      (i32.xor (i32.load offset=4360 (i32.const 0)))
      local.set $a2
      (i32.load offset=12 (local.get $from))
      (i32.xor (local.get $a3))
      (i32.xor (i32.load offset=4364 (i32.const 0)))
      local.set $a3
      (local.set $roundKey (i32.const 4368))
      ;; Rounds 1 to 8, two a turn.
      (loop $rounds
        (i32.load (i32.and (i32.shl (local.get $a0) (i32.const 2)) (i32.const 0x3fc)))
        (i32.xor (i32.load offset=1024 (i32.and (i32.shr_u (local.get $a1) (i32.const 6)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=2048 (i32.and (i32.shr_u (local.get $a2) (i32.const 14)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=3072 (i32.and (i32.shr_u (local.get $a3) (i32.const 22)) (i32.const 0x3fc))))
        (i32.xor (i32.load (local.get $roundKey)))
        local.set $b0
        (i32.load (i32.and (i32.shl (local.get $a1) (i32.const 2)) (i32.const 0x3fc)))
        (i32.xor (i32.load offset=1024 (i32.and (i32.shr_u (local.get $a2) (i32.const 6)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=2048 (i32.and (i32.shr_u (local.get $a3) (i32.const 14)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=3072 (i32.and (i32.shr_u (local.get $a0) (i32.const 22)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=4 (local.get $roundKey)))
        local.set $b1
        (i32.load (i32.and (i32.shl (local.get $a2) (i32.const 2)) (i32.const 0x3fc)))
        (i32.xor (i32.load offset=1024 (i32.and (i32.shr_u (local.get $a3) (i32.const 6)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=2048 (i32.and (i32.shr_u (local.get $a0) (i32.const 14)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=3072 (i32.and (i32.shr_u (local.get $a1) (i32.const 22)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=8 (local.get $roundKey)))
        local.set $b2
        (i32.load (i32.and (i32.shl (local.get $a3) (i32.const 2)) (i32.const 0x3fc)))
        (i32.xor (i32.load offset=1024 (i32.and (i32.shr_u (local.get $a0) (i32.const 6)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=2048 (i32.and (i32.shr_u (local.get $a1) (i32.const 14)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=3072 (i32.and (i32.shr_u (local.get $a2) (i32.const 22)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=12 (local.get $roundKey)))
        local.set $b3
        (local.set $roundKey (i32.add (local.get $roundKey) (i32.const 16)))
        (i32.load (i32.and (i32.shl (local.get $b0) (i32.const 2)) (i32.const 0x3fc)))
        (i32.xor (i32.load offset=1024 (i32.and (i32.shr_u (local.get $b1) (i32.const 6)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=2048 (i32.and (i32.shr_u (local.get $b2) (i32.const 14)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=3072 (i32.and (i32.shr_u (local.get $b3) (i32.const 22)) (i32.const 0x3fc))))
        (i32.xor (i32.load (local.get $roundKey)))
        local.set $a0
        (i32.load (i32.and (i32.shl (local.get $b1) (i32.const 2)) (i32.const 0x3fc)))
        (i32.xor (i32.load offset=1024 (i32.and (i32.shr_u (local.get $b2) (i32.const 6)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=2048 (i32.and (i32.shr_u (local.get $b3) (i32.const 14)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=3072 (i32.and (i32.shr_u (local.get $b0) (i32.const 22)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=4 (local.get $roundKey)))
        local.set $a1
        (i32.load (i32.and (i32.shl (local.get $b2) (i32.const 2)) (i32.const 0x3fc)))
        (i32.xor (i32.load offset=1024 (i32.and (i32.shr_u (local.get $b3) (i32.const 6)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=2048 (i32.and (i32.shr_u (local.get $b0) (i32.const 14)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=3072 (i32.and (i32.shr_u (local.get $b1) (i32.const 22)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=8 (local.get $roundKey)))
        local.set $a2
        (i32.load (i32.and (i32.shl (local.get $b3) (i32.const 2)) (i32.const 0x3fc)))
        (i32.xor (i32.load offset=1024 (i32.and (i32.shr_u (local.get $b0) (i32.const 6)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=2048 (i32.and (i32.shr_u (local.get $b1) (i32.const 14)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=3072 (i32.and (i32.shr_u (local.get $b2) (i32.const 22)) (i32.const 0x3fc))))
        (i32.xor (i32.load offset=12 (local.get $roundKey)))
        local.set $a3
        (local.set $roundKey (i32.add (local.get $roundKey) (i32.const 16)))
        (br_if $rounds (i32.ne (local.get $roundKey) (i32.const 4496))))
      (i32.load (i32.and (i32.shl (local.get $a0) (i32.const 2)) (i32.const 0x3fc)))
      (i32.xor (i32.load offset=1024 (i32.and (i32.shr_u (local.get $a1) (i32.const 6)) (i32.const 0x3fc))))
      (i32.xor (i32.load offset=2048 (i32.and (i32.shr_u (local.get $a2) (i32.const 14)) (i32.const 0x3fc))))
      (i32.xor (i32.load offset=3072 (i32.and (i32.shr_u (local.get $a3) (i32.const 22)) (i32.const 0x3fc))))
      (i32.xor (i32.load (local.get $roundKey)))
      local.set $b0
      (i32.load (i32.and (i32.shl (local.get $a1) (i32.const 2)) (i32.const 0x3fc)))
      (i32.xor (i32.load offset=1024 (i32.and (i32.shr_u (local.get $a2) (i32.const 6)) (i32.const 0x3fc))))
      (i32.xor (i32.load offset=2048 (i32.and (i32.shr_u (local.get $a3) (i32.const 14)) (i32.const 0x3fc))))
      (i32.xor (i32.load offset=3072 (i32.and (i32.shr_u (local.get $a0) (i32.const 22)) (i32.const 0x3fc))))
      (i32.xor (i32.load offset=4 (local.get $roundKey)))
      local.set $b1
      (i32.load (i32.and (i32.shl (local.get $a2) (i32.const 2)) (i32.const 0x3fc)))
      (i32.xor (i32.load offset=1024 (i32.and (i32.shr_u (local.get $a3) (i32.const 6)) (i32.const 0x3fc))))
      (i32.xor (i32.load offset=2048 (i32.and (i32.shr_u (local.get $a0) (i32.const 14)) (i32.const 0x3fc))))
      (i32.xor (i32.load offset=3072 (i32.and (i32.shr_u (local.get $a1) (i32.const 22)) (i32.const 0x3fc))))
      (i32.xor (i32.load offset=8 (local.get $roundKey)))
      local.set $b2
      (i32.load (i32.and (i32.shl (local.get $a3) (i32.const 2)) (i32.const 0x3fc)))
      (i32.xor (i32.load offset=1024 (i32.and (i32.shr_u (local.get $a0) (i32.const 6)) (i32.const 0x3fc))))
      (i32.xor (i32.load offset=2048 (i32.and (i32.shr_u (local.get $a1) (i32.const 14)) (i32.const 0x3fc))))
      (i32.xor (i32.load offset=3072 (i32.and (i32.shr_u (local.get $a2) (i32.const 22)) (i32.const 0x3fc))))
      (i32.xor (i32.load offset=12 (local.get $roundKey)))
      local.set $b3
      (local.set $roundKey (i32.add (local.get $roundKey) (i32.const 16)))
      ;; The last round has no MixColumns.
      (i32.load8_u offset=4096 (i32.and (local.get $b0) (i32.const 0xff)))
      (i32.or (i32.shl (i32.load8_u offset=4096 (i32.and (i32.shr_u (local.get $b1) (i32.const 8)) (i32.const 0xff))) (i32.const 8)))
      (i32.or (i32.shl (i32.load8_u offset=4096 (i32.and (i32.shr_u (local.get $b2) (i32.const 16)) (i32.const 0xff))) (i32.const 16)))
      (i32.or (i32.shl (i32.load8_u offset=4096 (i32.shr_u (local.get $b3) (i32.const 24))) (i32.const 24)))
      (i32.xor (i32.load (local.get $roundKey)))
      local.set $a0
      (i32.load8_u offset=4096 (i32.and (local.get $b1) (i32.const 0xff)))
      (i32.or (i32.shl (i32.load8_u offset=4096 (i32.and (i32.shr_u (local.get $b2) (i32.const 8)) (i32.const 0xff))) (i32.const 8)))
      (i32.or (i32.shl (i32.load8_u offset=4096 (i32.and (i32.shr_u (local.get $b3) (i32.const 16)) (i32.const 0xff))) (i32.const 16)))
      (i32.or (i32.shl (i32.load8_u offset=4096 (i32.shr_u (local.get $b0) (i32.const 24))) (i32.const 24)))
      (i32.xor (i32.load offset=4 (local.get $roundKey)))
      local.set $a1
      (i32.load8_u offset=4096 (i32.and (local.get $b2) (i32.const 0xff)))
      (i32.or (i32.shl (i32.load8_u offset=4096 (i32.and (i32.shr_u (local.get $b3) (i32.const 8)) (i32.const 0xff))) (i32.const 8)))
      (i32.or (i32.shl (i32.load8_u offset=4096 (i32.and (i32.shr_u (local.get $b0) (i32.const 16)) (i32.const 0xff))) (i32.const 16)))
      (i32.or (i32.shl (i32.load8_u offset=4096 (i32.shr_u (local.get $b1) (i32.const 24))) (i32.const 24)))
      (i32.xor (i32.load offset=8 (local.get $roundKey)))
      local.set $a2
      (i32.load8_u offset=4096 (i32.and (local.get $b3) (i32.const 0xff)))
      (i32.or (i32.shl (i32.load8_u offset=4096 (i32.and (i32.shr_u (local.get $b0) (i32.const 8)) (i32.const 0xff))) (i32.const 8)))
      (i32.or (i32.shl (i32.load8_u offset=4096 (i32.and (i32.shr_u (local.get $b1) (i32.const 16)) (i32.const 0xff))) (i32.const 16)))
      (i32.or (i32.shl (i32.load8_u offset=4096 (i32.shr_u (local.get $b2) (i32.const 24))) (i32.const 24)))
      (i32.xor (i32.load offset=12 (local.get $roundKey)))
      local.set $a3
      (local.set $from (i32.add (local.get $from) (i32.const 16)))
      (br_if $block (i32.lt_u (local.get $from) (local.get $to))))
    (i32.store offset=4528 (i32.const 0) (local.get $a0))
    (i32.store offset=4532 (i32.const 0) (local.get $a1))
    (i32.store offset=4536 (i32.const 0) (local.get $a2))
    (i32.store offset=4540 (i32.const 0) (local.get $a3))))
