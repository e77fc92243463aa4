import type { Command } from '../../fabric/contract/commands.ts'
import { parseBoolean } from '../../kernel/document/scalars.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import { refusals } from '../contract/errors.ts'
import { type Call, deploymentOf } from './call.ts'

/** D-20. */
export function getPackage(call: Call): Result<Command> {
  const containerUrl = call.query.get('containeruri')
  if (!containerUrl)
    return refusals.wrongQuery('containerUri', containerUrl, ['the address of a container in Blob storage'])
  const asked = call.query.get('overwriteexisting') || 'false'
  const overwrite = parseBoolean(asked)
  if (overwrite === undefined)
    return refusals.bad(`The query parameter overwriteExisting is "${asked}". Use true or false.`)
  return fine({ kind: 'getPackage', deployment: deploymentOf(call), containerUrl, overwrite })
}
