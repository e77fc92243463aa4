import assert from 'node:assert/strict'
import { test } from 'node:test'
import { printable } from '../../src/kernel/printable.ts'

test('a text of a stranger neither ends a line, nor steers a terminal, nor turns the direction of the text', () => {
  assert.equal(printable('a\r\nb\u001b[2Jc\u009bd\u202ee\u2028f\tg', 100), 'a  b [2Jc d e f\tg')
})

test('it is as long as its place at most, and well-formed where it is cut', () => {
  assert.equal(printable('abcd', 4), 'abcd')
  assert.equal(printable('abcde', 4), 'abc…')
  assert.equal(printable('ab😀de', 4), 'ab\ufffd…')
})
