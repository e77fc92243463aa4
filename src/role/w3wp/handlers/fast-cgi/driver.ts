import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { DriverSurroundings, HandlerAnswer, HandlerDriver, HandlerRequest } from '../../handler.ts'
import { wantsFile } from '../../route/find-mapping.ts'
import { openGuard } from '../program/guard.ts'
import { keepApplications } from '../program/kept-applications.ts'
import type { Lease } from '../program/process-pool.ts'
import { sayOutput } from '../program/say-output.ts'
import { endText } from '../program/start-program.ts'
import { type FastCgiApplication, openApplication } from './application.ts'
import { type ConversationFault, converse } from './conversation.ts'
import { type RequestBody, requestBody } from './request-body.ts'
import { settingsFor } from './settings.ts'
import { variablesFor } from './variables.ts'

/** How long we wait for the end of a program that has closed its connection, so that the sentence can say how it ended. */
const endKnownMs = 250

/** FastCgiModule: the programs of a script processor take one request each at a time (I-32, I-45). */
export function fastCgi({ directory, say }: DriverSurroundings): HandlerDriver {
  const guard = openGuard()
  const applications = keepApplications<FastCgiApplication>()
  let sockets = 0
  const newSocket = () => join(directory, `f${(sockets += 1)}`)

  async function serve(request: HandlerRequest): Promise<HandlerAnswer> {
    if (!(await hasScript(request)))
      return { status: 404, headers: [], detail: `There is no file ${request.scriptName}.` }
    const body = await requestBody(request)
    return body === 'tooLong'
      ? {
          status: 413,
          headers: [],
          detail:
            'A body without Content-Length is too long to be kept for a program of CGI, which is told its length beforehand.',
        }
      : answered(request, body)
  }

  /** A program that has ended just before, and has taken nothing of the request, is replaced by another, once. */
  async function answered(request: HandlerRequest, body: RequestBody): Promise<HandlerAnswer> {
    const mayRepeat = body.length === undefined && /^(?:GET|HEAD|OPTIONS)$/.test(request.method)
    const first = await attempt(request, body)
    const isUntaken =
      'fault' in first && (first.fault.kind === 'refused' || (mayRepeat && first.fault.kind === 'broken'))
    const last = isUntaken && !request.signal.aborted ? await attempt(request, body) : first
    if (!('fault' in last)) return last
    const sentence = `The program of ${request.mapping.scriptProcessor} did not answer: ${last.fault.why}.`
    if (!request.signal.aborted) say(`FastCgiModule: ${sentence}`)
    return { status: 500, headers: [], detail: sentence }
  }

  async function attempt(
    request: HandlerRequest,
    body: RequestBody,
  ): Promise<HandlerAnswer | { readonly fault: ConversationFault }> {
    const settings = settingsFor(request)
    const place = request.application.physicalPath
    const key = JSON.stringify([settings.fullPath, settings.arguments, place])
    const made = () => openApplication(settings, { guard, say, directory: place, newSocket })
    const taken = await applications.of(key, JSON.stringify(settings), made).pool.take(request.signal)
    if (!taken.ok) {
      say(`FastCgiModule: ${taken.fault.sentence}`)
      const isBusy = taken.fault.kind === 'busy' || taken.fault.kind === 'rapid'
      return { status: isBusy ? 503 : 500, headers: [], detail: taken.fault.sentence }
    }
    return converseWith(taken.lease, request, body)
  }

  async function converseWith(lease: Lease, request: HandlerRequest, body: RequestBody) {
    const settings = settingsFor(request)
    const { answer, over } = converse({
      socketPath: 'socketPath' in lease.target ? lease.target.socketPath : '',
      variables: variablesFor(request, body.length),
      body: body.stream,
      signal: request.signal,
      activityMs: settings.activityTimeout * 1_000,
      requestMs: settings.requestTimeout * 1_000,
      stderr: sayOutput(say, 'FastCgiModule'),
    })
    const heard = await answer
    if (!heard.ok) {
      const fault = await withEnd(heard.fault, lease)
      lease.release(true)
      return { fault }
    }
    // A program that has not answered whole may still be working: it takes no other request.
    void over.then((isWhole) => lease.release(!isWhole))
    const { status, reason, headers } = heard.head
    if (request.method !== 'HEAD') return { status, reason, headers, body: heard.body }
    heard.body.resume()
    return { status, reason, headers }
  }

  return {
    serve,
    async close() {
      await applications.close()
      guard.close()
    },
  }
}

/** Whether the request has a script that its program may run. One with a name may be missing, but not below a file: PHP would run that file. */
async function hasScript({ mapping, scriptPath }: HandlerRequest): Promise<boolean> {
  if (mapping.path === '*' && !wantsFile(mapping)) return true
  return stat(scriptPath).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => code === 'ENOENT' && !wantsFile(mapping),
  )
}

/** How the program ended, where that is why it did not answer. */
async function withEnd(fault: ConversationFault, { program }: Lease): Promise<ConversationFault> {
  if (fault.kind === 'late' || fault.kind === 'unreadable') return fault
  const end = await Promise.race([program.exited, delay(endKnownMs, undefined, { ref: false })])
  if (!end) return fault
  const last = program.written().trim().slice(-300)
  return { ...fault, why: `it ended with ${endText(end)}${last === '' ? '' : ` and wrote last: ${last}`}` }
}
