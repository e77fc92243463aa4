import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { declaredAsUtf8, decodeText } from '../../src/service-model/text.ts'

const text = '<?xml version="1.0" encoding="utf-16"?><Größe/>'
const utf16 = (mark: string) => new Uint8Array(Buffer.from(mark + text, 'utf16le'))
const swapped = (bytes: Uint8Array) => new Uint8Array(Buffer.from(bytes).swap16())

describe('the encodings of a definition (service-model.md 1)', () => {
  const accepted: Readonly<Record<string, Uint8Array>> = {
    'UTF-8': new TextEncoder().encode(text),
    'UTF-8 with a byte order mark': new TextEncoder().encode(`\uFEFF${text}`),
    'UTF-16 little endian with a mark': utf16('\uFEFF'),
    'UTF-16 big endian with a mark': swapped(utf16('\uFEFF')),
    'UTF-16 little endian without': utf16(''),
    'UTF-16 big endian without': swapped(utf16('')),
  }
  for (const [encoding, bytes] of Object.entries(accepted))
    it(`reads ${encoding}`, () => assert.equal(decodeText(bytes), text))

  it('says what it took the bytes for when they do not fit', () => {
    assert.throws(() => decodeText(Uint8Array.of(0x3c, 0xff)), /taken for utf-8 .* Save it as UTF-8/)
    assert.throws(() => decodeText(Uint8Array.of(0xff, 0xfe, 0x3c)), /taken for utf-16le/)
  })
})

describe('a text that will be UTF-8 again (D-6)', () => {
  for (const [written, shown] of [
    [text, text.replace('utf-16', 'utf-8')],
    [
      `<?xml version='1.0' encoding = 'UTF-16' standalone="yes"?>\n<a/>`,
      `<?xml version='1.0' encoding = 'utf-8' standalone="yes"?>\n<a/>`,
    ],
    ['<?xml version="1.0" encoding="UTF-8"?><a/>', '<?xml version="1.0" encoding="UTF-8"?><a/>'],
    ['<?xml version="1.0"?><a encoding="utf-16"/>', '<?xml version="1.0"?><a encoding="utf-16"/>'],
    ['<a/>', '<a/>'],
  ] as const)
    it(`${written.split('?>')[0]} is declared as ${shown.split('?>')[0]}`, () =>
      assert.equal(declaredAsUtf8(written), shown))
})
