import type { Command } from '../../fabric/contract/commands.ts'
import { purposeOfConfiguration } from '../../fabric/contract/extension.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import { bytesOfBase64 } from '../contract/base64.ts'
import { refusals } from '../contract/errors.ts'
import { isExtensionId } from '../contract/names.ts'
import { addExtension as addExtensionDocument } from '../contract/wire/extensions.ts'
import { bodyOf, type Call, serviceOf } from './call.ts'
import type { Seal } from './service-certificate-commands.ts'

/** 11.1: the private configuration is sealed here, before it leaves the front end. */
export function addExtension(call: Call, seal: Seal): Result<Command> {
  const read = bodyOf(call, addExtensionDocument)
  if (!read.ok) return read
  const { id, providerNamespace, type, version, publicConfiguration, privateConfiguration } = read.value
  if (!isExtensionId(id)) return refusals.bad('The extension ID is invalid. Use 1 to 260 letters, digits, . _ and -.')
  if (providerNamespace === '' || type === '') return refusals.bad('Give both ProviderNameSpace and Type.')
  if (!/^(?:\*|\d+\.(?:\*|\d+(?:\.\d+){0,2}))$/.test(version))
    return refusals.bad(`The extension version "${version}" is invalid. Use X.Y, X.* or *.`)
  const secret = bytesOfBase64(privateConfiguration ?? '') ?? new Uint8Array()
  const { thumbprint, thumbprintAlgorithm } = read.value
  const service = serviceOf(call)
  return fine({
    kind: 'addExtension',
    service,
    extension: {
      id,
      providerNamespace,
      type,
      version,
      thumbprint: thumbprint?.toUpperCase() || undefined,
      thumbprintAlgorithm: thumbprintAlgorithm?.toLowerCase() || undefined,
      publicConfiguration,
    },
    sealedConfiguration: secret.length > 0 ? seal(secret, purposeOfConfiguration(service, id)) : undefined,
  })
}

/** 11.2. */
export function deleteExtension(call: Call): Result<Command> {
  return fine({ kind: 'deleteExtension', service: serviceOf(call), extension: call.params['extension'] ?? '' })
}
