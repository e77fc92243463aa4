import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coloursAlone, printable, uncontrolling } from '../../src/kernel/printable.ts'

test('a text of a stranger neither ends a line, nor steers a terminal, nor turns the direction of the text', () => {
  assert.equal(printable('a\r\nb\u001b[2Jc\u009bd\u202ee\u2028f\tg', 100), 'a  b [2Jc d e f\tg')
})

test('it is as long as its place at most, and well-formed where it is cut', () => {
  assert.equal(printable('abcd', 4), 'abcd')
  assert.equal(printable('abcde', 4), 'abc…')
  assert.equal(printable('ab😀de', 4), 'ab\ufffd…')
})

test('lines for a terminal do not steer it; what a program wrote keeps its colours', () => {
  const text = 'a\u001b]0;title\u0007b\n\tc\u009b2Jd\u202e\u001b[31mred\u001b[0m'
  assert.equal(uncontrolling(text), 'a ]0;title b\n\tc 2Jd  [31mred [0m')
  assert.equal(coloursAlone(`${text}\r`), 'a ]0;title b\n\tc 2Jd \u001b[31mred\u001b[0m\r')
})
