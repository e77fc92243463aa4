import { setTimeout as delay } from 'node:timers/promises'
import { Failure } from '../../failure.ts'
import { piecesOf } from '../../service-management/log-pieces.ts'
import { openServiceManagement } from '../../service-management/service-management.ts'
import { flag, needed, slotOf, type Verb } from '../verb.ts'

/** How often `--follow` asks for more. */
const followPollMs = 500

export const logs: Verb = {
  name: 'logs',
  form: 'INSTANCE [NAME] --service NAME [--slot production|staging] [--follow]',
  about: 'Prints a log of an instance; without NAME, lists the logs that there are.',
  options: { service: { type: 'string' }, slot: { type: 'string' }, follow: { type: 'boolean' } },
  words: [1, 2],
  async run(call) {
    const { terminal, signal } = call
    const [instance = '', name] = call.words
    const [service, slot] = [needed(call, 'service'), slotOf(call)]
    const fabric = openServiceManagement(call.api())
    if (name === undefined) {
      const { known } = await fabric.logs(service, slot, instance)
      for (const log of known) terminal.line(log)
      terminal.object({ logs: known })
      return
    }
    let path = ''
    const ask = (log: string, from: number) => fabric.log(service, slot, instance, log, from)
    for await (const { piece, offset } of piecesOf(ask, name)) {
      if (piece.logicalPath === '')
        throw new Failure(`${instance} has no log called "${name}". It has: ${piece.known.join(', ')}`)
      // Both paths, so that a user of the original finds the file on this machine (G-1).
      if (piece.logicalPath !== path) terminal.note(`${piece.logicalPath}  is  ${piece.realPath}`)
      terminal.write(piece.text)
      terminal.object({ logicalPath: piece.logicalPath, realPath: piece.realPath, offset, text: piece.text })
      path = piece.logicalPath
      if (piece.text !== '') continue
      if (!flag(call, 'follow')) return
      await delay(followPollMs, undefined, { signal })
    }
  },
}
