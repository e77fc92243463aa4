import { join } from 'node:path'
import type { DriverSurroundings, HandlerAnswer, HandlerDriver, HandlerRequest } from '../../handler.ts'
import { askPool } from '../http/ask-pool.ts'
import { without } from '../http/fields.ts'
import { relay } from '../http/relay.ts'
import { openGuard } from '../program/guard.ts'
import { keepApplications } from '../program/kept-applications.ts'
import { type AspNetApplication, openApplication } from './application.ts'
import { fieldsFor, hostField, hostWord } from './request-fields.ts'
import { addedParts } from './server-configuration.ts'

/** ASP.NET: each application has a process of Mono, begun by the first request that maps to managed code (I-20). */
export function aspNet({ directory, say, machineKey }: DriverSurroundings): HandlerDriver {
  const guard = openGuard()
  const applications = keepApplications<AspNetApplication>()
  let made = 0
  const newPlace = () => join(directory, `a${(made += 1)}`)

  function applicationOf(request: HandlerRequest): AspNetApplication {
    const { siteName, application } = request
    const parts = addedParts(request.section('handlers').items, request.section('modules').items)
    const make = () => openApplication({ siteName, application, parts, machineKey }, { guard, say, newPlace })
    return applications.of(`${siteName} ${application.path}`, JSON.stringify([application, parts]), make)
  }

  async function serve(request: HandlerRequest): Promise<HandlerAnswer> {
    const { pool, agent } = applicationOf(request)
    const { method, url, body, signal } = request
    const sent = { method, url, headers: fieldsFor(request), body, signal }
    const asked = await askPool(pool, { agent }, sent)
    switch (asked.kind) {
      case 'answered': {
        const answer = relay(asked, request)
        const word = hostWord(asked.exchanged.headers)
        const headers = without(answer.headers, (name) => name === hostField)
        return { ...answer, headers, skipsCustomErrors: word === 'skip', isForFiles: word === 'file' }
      }
      case 'notStarted': {
        const isBusy = asked.fault.kind === 'busy' || asked.fault.kind === 'rapid'
        return { status: isBusy ? 503 : 500, headers: [], detail: asked.fault.sentence }
      }
      case 'failed': {
        const detail = `The application's process did not answer: ${asked.fault.why}.${lastWords(asked.written)}`
        return { status: signal.aborted ? 400 : 503, headers: [], detail }
      }
    }
  }

  async function close(): Promise<void> {
    await applications.close()
    guard.close()
  }

  return { serve, close }
}

/** Most characters of a process's last output that a sentence contains. */
const longestWords = 300

function lastWords(written: string): string {
  const last = written.trim().slice(-longestWords)
  return last === '' ? '' : ` It wrote last: ${last}`
}
