import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import { parseDuration } from '../../../kernel/timers.ts'
import { exitCodes, Failure } from '../../failure.ts'
import { openServiceManagement } from '../../service-management/service-management.ts'
import { type Call, flag, option, type Verb } from '../verb.ts'

/** How long a token is valid unless it is told, and how long at most; in milliseconds. */
const validity = { usual: 1_800_000, longest: 3_600_000 } as const

/** The secret of a token, in bytes: nobody guesses it. */
const secretBytes = 32

export const hostToken: Verb = {
  name: 'host token',
  form: '[--controller] [--valid DURATION]',
  about:
    'Prints a token by which one machine can join the fabric, once, within 30 minutes, or as long as --valid says (an hour at most). With --controller it may become a candidate for the master too.',
  options: { controller: { type: 'boolean' }, valid: { type: 'string' } },
  words: [0, 0],
  async run(call) {
    const validSeconds = Math.ceil(validMs(call) / 1_000)
    const fabric = openServiceManagement(call.api())
    const { authority, machines } = await fabric.machines()
    // The secret is known here and on the machine that joins alone: the fabric gets its hash.
    const secret = randomBytes(secretBytes).toString('hex')
    const hash = createHash('sha256').update(secret).digest('hex')
    const controller = flag(call, 'controller')
    await fabric.addJoinToken({ hash, controller, validSeconds })
    const token = `reddog1.${hashOf(authority)}.${secret}`
    const address = machines.find(({ roles }) => roles.includes('master'))?.address ?? 'ADDRESS'
    // Apart: on a command line every account there could read it.
    call.terminal.line(`reddog host join ${address} --token-file -${controller ? ' --controller' : ''}`)
    call.terminal.line(`  which asks for this token: ${token}`)
    call.terminal.object({ token, address, controller, validSeconds })
  },
}

function validMs(call: Call): number {
  const asked = option(call, 'valid')
  const ms = asked === undefined ? validity.usual : (parseDuration(asked) ?? 0)
  if (ms > 0 && ms <= validity.longest) return ms
  throw new Failure(`--valid ${asked}: write a time of at most 60min, such as 30min.`, exitCodes.wrongUse)
}

/** SHA-256 of the authority's certificate: who joins knows the fabric by it. */
function hashOf(authority: string): string {
  return createHash('sha256').update(new X509Certificate(authority).raw).digest('hex')
}
