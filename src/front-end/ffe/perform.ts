import { fine, type Result } from '../../kernel/fault.ts'
import { refusals } from '../contract/errors.ts'
import type { Call, Reply } from './call.ts'
import type { ReadCertificate } from './certificate-commands.ts'
import { commands, type Translate } from './commands.ts'
import { type Caller, envelopeOf } from './envelope.ts'
import { later } from './later.ts'
import { queries } from './queries.ts'
import type { Sources } from './query.ts'

export interface PerformParts extends Sources {
  readonly readCertificate: ReadCertificate
  /** Called when the management certificates of a subscription have changed. */
  certificatesChanged(): void
}

/** Carries an operation out: a query asks the fabric and answers, a command is translated and handed to it. */
export async function perform(call: Call, caller: Caller, parts: PerformParts): Promise<Result<Reply>> {
  const { operation } = call
  if (operation in later) return refusals.bad(later[operation as keyof typeof later])
  if (!(operation in commands)) return queries[operation as keyof typeof queries](call, parts)
  const translate: Translate = commands[operation as keyof typeof commands]
  const command = translate(call, parts)
  if (!command.ok) return command
  const accepted = await parts.fabric.command(envelopeOf(call, caller, command.value))
  if (!accepted.ok) return accepted
  if (command.value.kind.endsWith('ManagementCertificate')) parts.certificatesChanged()
  if (command.value.kind !== 'createService') return fine({})
  const location = `${call.base}/subscriptions/${call.subscriptionId}/compute/${command.value.service}`
  return fine({ headers: { location } })
}
