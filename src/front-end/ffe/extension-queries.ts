import type { Extension } from '../../fabric/contract/extension.ts'
import type { Result } from '../../kernel/fault.ts'
import { textOfBase64 } from '../contract/base64.ts'
import { refusals, required } from '../contract/errors.ts'
import { extensionDocument, extensionImagesDocument, extensionsDocument } from '../contract/wire/extensions.ts'
import { type Call, serviceOf } from './call.ts'
import { type Query, reply, type Sources } from './query.ts'

/** This server offers no extensions of its own (11.3); those that users add are stored for their deployments. */
export const listExtensionImages: Query = async () => reply(extensionImagesDocument, [])

/** 11.1. */
export const listExtensions: Query = async (call, sources) => {
  const found = await extensionsOf(call, sources)
  return found.ok ? reply(extensionsDocument, found.value.map(shown)) : found
}

/** 11.1. */
export const getExtension: Query = async (call, sources) => {
  const found = await extensionsOf(call, sources)
  if (!found.ok) return found
  const asked = call.params['extension']?.toLowerCase()
  const extension = found.value.find(({ id }) => id.toLowerCase() === asked)
  if (!extension) return refusals.missing(`The extension ${call.params['extension']} does not exist.`)
  return reply(extensionDocument, shown(extension))
}

function shown({ thumbprint = '', thumbprintAlgorithm = '', publicConfiguration = '', ...extension }: Extension) {
  return {
    ...extension,
    thumbprint,
    thumbprintAlgorithm,
    publicConfiguration,
    isJsonExtension: /^\s*\{/.test(textOfBase64(publicConfiguration) ?? ''),
    disallowMajorVersionUpgrade: false,
  }
}

async function extensionsOf(call: Call, { fabric }: Sources): Promise<Result<readonly Extension[]>> {
  const { subscriptionId } = call
  const found = await fabric.view('extensions', { subscriptionId, service: serviceOf(call) })
  return found.ok ? required(found.value, refusals.noService()) : found
}
