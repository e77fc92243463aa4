import type { DriverSurroundings, HandlerAnswer, HandlerDriver, HandlerRequest } from '../../handler.ts'
import { sayOnce } from '../../say-once.ts'
import { askPool } from '../http/ask-pool.ts'
import { relay } from '../http/relay.ts'
import { switchProtocol } from '../http/switch-protocol.ts'
import { openGuard } from '../program/guard.ts'
import { keepApplications } from '../program/kept-applications.ts'
import { openApplication, type PlatformApplication } from './application.ts'
import { exchangeFault, startFault } from './faults.ts'
import { offlineAnswer } from './offline.ts'
import { fieldsFor } from './request-fields.ts'
import { type PlatformSettings, platformSettings } from './settings.ts'

/** Where a request is to go. */
interface Admission {
  readonly application: PlatformApplication
  readonly settings: PlatformSettings
}

/** httpPlatformHandler and ASP.NET Core's module: each application has a program that takes requests at a port of loopback (I-33, I-46). */
export function platform({ say }: DriverSurroundings): HandlerDriver {
  const guard = openGuard()
  const once = sayOnce(say)
  const applications = keepApplications<PlatformApplication>()

  async function admit(request: HandlerRequest): Promise<Admission | { readonly answer: HandlerAnswer }> {
    const settings = platformSettings(request)
    const key = `${settings.module} ${request.siteName} ${request.application.path}`
    const offline = settings.module === 'aspNetCore' ? await offlineAnswer(request.application.physicalPath) : undefined
    if (offline) {
      applications.dismiss(key)
      return { answer: offline }
    }
    for (const line of settings.passedOver) once(`${settings.module}: ${line}`)
    const make = () => openApplication(request.application, settings, { guard, say })
    return { application: applications.of(key, JSON.stringify(settings), make), settings }
  }

  async function serve(request: HandlerRequest): Promise<HandlerAnswer> {
    const admitted = await admit(request)
    const answer = 'answer' in admitted ? admitted.answer : await ask(request, admitted)
    return { ...answer, skipsCustomErrors: true }
  }

  async function ask(request: HandlerRequest, { application, settings }: Admission): Promise<HandlerAnswer> {
    const { method, url, body, signal } = request
    const sent = { method, url, headers: fieldsFor(request, tokenOf(application, settings)), body, signal }
    const wire = { agent: application.agent, silenceMs: settings.requestTimeoutMs }
    const asked = await askPool(application.pool, wire, sent)
    switch (asked.kind) {
      case 'answered':
        return relay(asked, request)
      case 'notStarted':
        return told(settings, startFault(settings, asked.fault.sentence))
      case 'failed':
        return signal.aborted
          ? exchangeFault(settings, 'its client has gone')
          : told(settings, exchangeFault(settings, asked.fault.why))
    }
  }

  function told({ module }: PlatformSettings, answer: HandlerAnswer): HandlerAnswer {
    say(`${module}: ${answer.detail}`)
    return answer
  }

  const upgrade: HandlerDriver['upgrade'] = async (request, connection) => {
    const admitted = await admit(request)
    if ('answer' in admitted) return admitted.answer
    const { application, settings } = admitted
    const taken = await application.pool.take(request.signal)
    if (!taken.ok) return told(settings, startFault(settings, taken.fault.sentence))
    const { method, url, signal } = request
    const headers = fieldsFor(request, tokenOf(application, settings))
    try {
      return await switchProtocol(taken.lease.target, { method, url, headers, signal, ...connection })
    } catch (error) {
      return told(settings, exchangeFault(settings, (error as Error).message))
    } finally {
      taken.lease.release()
    }
  }

  async function close(): Promise<void> {
    await applications.close()
    guard.close()
  }

  return { serve, upgrade, close }
}

function tokenOf({ token }: PlatformApplication, { module }: PlatformSettings): string | undefined {
  return module === 'aspNetCore' ? token : undefined
}
