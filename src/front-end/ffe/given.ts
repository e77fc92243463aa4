import { fine, type Result } from '../../kernel/fault.ts'
import { declaredAsUtf8, decodeText } from '../../service-model/text.ts'
import { bytesOfBase64 } from '../contract/base64.ts'
import { refusals } from '../contract/errors.ts'

/** The .cscfg, which came in UTF-8 or UTF-16, as a text that will be UTF-8 whenever it is shown (D-6). */
export function configurationGiven(base64: string): Result<string> {
  const bytes = bytesOfBase64(base64)
  if (!bytes || bytes.length === 0) return refusals.bad('The element Configuration is not Base64 of a .cscfg file.')
  try {
    return fine(declaredAsUtf8(decodeText(bytes)))
  } catch (error) {
    return refusals.bad(`The element Configuration: ${(error as Error).message}`)
  }
}

/** An absolute address; the fabric decides which Blob services are permitted (B-1). */
export function packageUrlGiven(address: string): Result<string> {
  return /^https?:\/\/\S+$/i.test(address)
    ? fine(address)
    : refusals.bad(`The package URL "${address}" is no http or https address. Upload the package to Blob storage.`)
}
