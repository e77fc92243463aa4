import { type Scalar, scalar } from '../../../kernel/document/scalars.ts'
import { base64OfText, textOfBase64 } from '../base64.ts'

/** Base64 of UTF-8 on the way, plain text at both ends. */
export function encodedText(name: string): Scalar<string> {
  return scalar(name, base64OfText, textOfBase64, 'Base64 of UTF-8')
}
