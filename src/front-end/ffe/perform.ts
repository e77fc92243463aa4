import type { Command } from '../../fabric/contract/commands.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import { refusals } from '../contract/errors.ts'
import type { Call, Reply } from './call.ts'
import { commands, type Translate } from './commands.ts'
import { type Caller, envelopeOf } from './envelope.ts'
import { notOffered } from './not-offered.ts'
import { queries } from './queries.ts'
import type { Sources } from './query.ts'
import type { CertificateReaders } from './service-certificate-commands.ts'

export interface PerformParts extends Sources, CertificateReaders {
  /** Called when the management certificates of a subscription have changed. */
  certificatesChanged(): void
}

/** After these another certificate may sign in, or no longer. */
const changesCertificates: ReadonlySet<Command['kind']> = new Set([
  'addManagementCertificate',
  'deleteManagementCertificate',
])

/** Carries an operation out: a query asks the fabric and answers, a command is translated and handed to it. */
export async function perform(call: Call, caller: Caller, parts: PerformParts): Promise<Result<Reply>> {
  const { operation } = call
  if (operation in notOffered) return refusals.bad(notOffered[operation as keyof typeof notOffered])
  if (!(operation in commands)) return queries[operation as keyof typeof queries](call, parts)
  const translate: Translate = commands[operation as keyof typeof commands]
  const command = translate(call, parts)
  if (!command.ok) return command
  const accepted = await parts.fabric.command(envelopeOf(call, caller, command.value))
  if (!accepted.ok) return accepted
  if (changesCertificates.has(command.value.kind)) parts.certificatesChanged()
  const made = madeBy(command.value)
  //
  return fine(made ? { headers: { location: `${call.base}/subscriptions/${call.subscriptionId}/${made}` } } : {})
}

/** The path of what a command has created, for those that answer 201. */
function madeBy(command: Command): string | undefined {
  if (command.kind === 'createService') return `compute/${command.service}`
  return command.kind === 'createAffinityGroup' ? `affinitygroup/${command.group}` : undefined
}
