/** What a page shows of an X.509 certificate (RFC 5280). */
export interface CertificateFacts {
  /** `CN=shop, O=Contoso`, in the certificate's own order. */
  readonly subject: string
  readonly issuer: string
  /** Milliseconds since 1970. */
  readonly validUntil: number
}

/** One element of DER: its tag, what is in it, and where the next one begins. */
interface Element {
  readonly tag: number
  readonly content: Uint8Array
  readonly end: number
}

const tags = {
  sequence: 0x30,
  set: 0x31,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  version: 0xa0,
}

/** Attributes of names that certificates usually have, by their object identifier in DER, in hexadecimal digits. */
const attributes: ReadonlyMap<string, string> = new Map([
  ['550403', 'CN'],
  ['550406', 'C'],
  ['550407', 'L'],
  ['550408', 'ST'],
  ['55040a', 'O'],
  ['55040b', 'OU'],
  ['550405', 'serialNumber'],
  ['2a864886f70d010901', 'emailAddress'],
  ['0992268993f22c640119', 'DC'],
])

/** Reads a certificate in DER; undefined when it is none. */
export function readCertificate(der: Uint8Array): CertificateFacts | undefined {
  try {
    const certificate = inside(only(der), tags.sequence)
    const parts = elementsOf(inside(first(certificate), tags.sequence))
    const [, , issuer, validity, subject] = parts[0]?.tag === tags.version ? parts.slice(1) : parts
    if (!issuer || !validity || !subject) return undefined
    const [, until] = elementsOf(inside(validity, tags.sequence))
    const validUntil = until && timeOf(until)
    if (validUntil === undefined || Number.isNaN(validUntil)) return undefined
    return { subject: nameOf(subject), issuer: nameOf(issuer), validUntil }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Throws a RangeError for what is no DER. */
function elementAt(bytes: Uint8Array, at: number): Element {
  const [tag, short] = [bytes[at], bytes[at + 1]]
  if (tag === undefined || short === undefined) throw new RangeError('It ends too early.')
  const lengthBytes = short < 0x80 ? 0 : short & 0x7f
  // More than four are no certificate.
  if (short === 0x80 || lengthBytes > 4) throw new RangeError('Its length is none of DER.')
  const begin = at + 2 + lengthBytes
  const long = bytes.subarray(at + 2, begin).reduce((length, byte) => length * 256 + byte, 0)
  const end = begin + (lengthBytes === 0 ? short : long)
  if (end > bytes.length) throw new RangeError('It ends too early.')
  return { tag, content: bytes.subarray(begin, end), end }
}

function elementsOf(content: Uint8Array): readonly Element[] {
  const found: Element[] = []
  for (let at = 0; at < content.length; at = found.at(-1)?.end ?? content.length) found.push(elementAt(content, at))
  return found
}

function first(content: Uint8Array): Element {
  return elementAt(content, 0)
}

/** A whole file is one element. */
function only(bytes: Uint8Array): Element {
  const element = first(bytes)
  if (element.end !== bytes.length) throw new RangeError('Something follows.')
  return element
}

function inside({ tag, content }: Element, wanted: number): Uint8Array {
  if (tag !== wanted) throw new RangeError('It is another element.')
  return content
}

function nameOf(name: Element): string {
  return elementsOf(inside(name, tags.sequence))
    .flatMap((set) => elementsOf(inside(set, tags.set)))
    .map((pair) => {
      const [oid, value] = elementsOf(inside(pair, tags.sequence))
      if (!oid || !value) throw new RangeError('A part of a name is missing.')
      const identifier = hex(inside(oid, tags.oid))
      return `${attributes.get(identifier) ?? identifier}=${textOf(value)}`
    })
    .join(', ')
}

function textOf({ tag, content }: Element): string {
  // TextDecoder has big-endian UTF-16, of which BMPString is a part; the other kinds of text are UTF-8 or parts of it.
  return new TextDecoder(tag === tags.bmpString ? 'utf-16be' : 'utf-8').decode(content)
}

/** RFC 5280 4.1.2.5: years of two digits lie between 1950 and 2049. */
function timeOf({ tag, content }: Element): number | undefined {
  const text = new TextDecoder().decode(content)
  if (tag === tags.generalizedTime) return moment(text)
  if (tag !== tags.utcTime) return undefined
  return moment(`${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}`)
}

function moment(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
