import { join } from 'node:path'
import type { DriverSurroundings, HandlerAnswer, HandlerDriver, HandlerRequest } from '../../handler.ts'
import { lookAt } from '../../look-at.ts'
import { rememberedOf } from '../../remembered.ts'
import type { HeaderList } from '../../rewrite/looking.ts'
import { sayOnce } from '../../say-once.ts'
import { askPool } from '../http/ask-pool.ts'
import { relay } from '../http/relay.ts'
import { switchProtocol } from '../http/switch-protocol.ts'
import { openGuard } from '../program/guard.ts'
import { keepApplications } from '../program/kept-applications.ts'
import type { Lease } from '../program/process-pool.ts'
import { type NodeApplication, openApplication } from './application.ts'
import { type ControlPipe, openControlPipe } from './control-pipe.ts'
import { iisnodeVersion } from './environment.ts'
import { errorAnswer } from './error-page.ts'
import { type IisnodeFault, ofExchange, ofSettings, ofStart } from './faults.ts'
import type { IisnodeSettings } from './overrides.ts'
import { fieldsFor } from './request-fields.ts'
import { asksForSettings, settingsFor } from './settings.ts'

/** Where a request is to go. */
interface Admission {
  readonly application: NodeApplication
  readonly settings: IisnodeSettings
}

/** iisnode: each script has a Node program of its own, or several, which takes requests at a socket (I-31, I-38 to I-42, I-44). */
export function iisnode({ directory, say }: DriverSurroundings): HandlerDriver {
  const guard = openGuard()
  const once = sayOnce(say)
  const applications = keepApplications<NodeApplication>()
  let sockets = 0
  const newSocket = () => join(directory, `n${(sockets += 1)}`)
  const controls = new Map<string, ControlPipe>()

  async function admit(request: HandlerRequest): Promise<Admission | { readonly answer: HandlerAnswer }> {
    const read = await settingsFor(request)
    if (!read.ok)
      return { answer: errorAnswer(ofSettings(read.fault.message), request.section('iisnode').devErrorsEnabled) }
    const settings = read.value
    const refuse = (fault: IisnodeFault) => ({ answer: errorAnswer(fault, settings.devErrorsEnabled) })
    if (asksForSettings(request) || !lookAt(request.scriptPath)?.isFile())
      return refuse({
        status: 404,
        subStatus: 0,
        sentence: `There is no script ${request.scriptName} for iisnode to run.`,
      })
    warn(settings)
    return { application: applicationOf(request, settings), settings }
  }

  function applicationOf(request: HandlerRequest, settings: IisnodeSettings): NodeApplication {
    const { scriptPath, appSettings } = request
    const control = settings.recycleSignalEnabled ? controlOf(scriptPath) : undefined
    const make = () => openApplication(request, settings, { guard, say, newSocket, control })
    return applications.of(scriptPath, `${textOf(settings)}${textOf(appSettings)}`, make)
  }

  function controlOf(scriptPath: string): string {
    const recycle = () => applications.find(scriptPath)?.pool.recycle()
    const control = controls.get(scriptPath) ?? openControlPipe(join(directory, `c${controls.size}`), recycle)
    controls.set(scriptPath, control)
    return control.path
  }

  function warn({ debuggerVirtualDir, interceptor, nodeProcessStickySessions }: IisnodeSettings): void {
    if (debuggerVirtualDir !== '')
      once('iisnode: debuggerVirtualDir is passed over: there is no debugger in the browser here.')
    if (interceptor !== '' && !/iisnode.interceptor\.js"?$/i.test(interceptor))
      once(`iisnode: interceptor="${interceptor}" is passed over: the script is started by itself.`)
    if (nodeProcessStickySessions) once('iisnode: nodeProcessStickySessions is passed over: processes take turns.')
  }

  async function serve(request: HandlerRequest): Promise<HandlerAnswer> {
    const admitted = await admit(request)
    if ('answer' in admitted) return admitted.answer
    const { application, settings } = admitted
    const { method, originalUrl: url, body, signal } = request
    const sent = { method, url, headers: fieldsFor(request, settings), body, signal }
    const asked = await askPool(application.pool, { agent: application.agent }, sent)
    switch (asked.kind) {
      case 'answered':
        return relay(asked, request, debugField(settings, asked.lease))
      case 'notStarted':
        return told(settings, ofStart(asked.fault))
      case 'failed': {
        const fault = ofExchange(asked.fault, request.scriptName, asked.written)
        return signal.aborted ? errorAnswer(fault, false) : told(settings, fault)
      }
    }
  }

  function told({ devErrorsEnabled }: IisnodeSettings, fault: IisnodeFault): HandlerAnswer {
    say(`iisnode: ${fault.sentence}`)
    return errorAnswer(fault, devErrorsEnabled)
  }

  const upgrade: HandlerDriver['upgrade'] = async (request, connection) => {
    const admitted = await admit(request)
    if ('answer' in admitted) return admitted.answer
    const { application, settings } = admitted
    const taken = await application.pool.take(request.signal)
    if (!taken.ok) return told(settings, ofStart(taken.fault))
    const { lease } = taken
    const { method, originalUrl: url, signal } = request
    try {
      const headers = fieldsFor(request, settings)
      return await switchProtocol(lease.target, { method, url, headers, signal, ...connection })
    } catch (error) {
      const fault = { kind: 'broken', why: (error as Error).message } as const
      return told(settings, ofExchange(fault, request.scriptName, lease.program.written()))
    } finally {
      lease.release()
    }
  }

  async function close(): Promise<void> {
    for (const control of controls.values()) control.close()
    await applications.close()
    guard.close()
  }

  return { serve, upgrade, close }
}

const textOf = rememberedOf((settings: IisnodeSettings | HandlerRequest['appSettings']) =>
  JSON.stringify(settings instanceof Map ? [...settings] : settings),
)

/** `iisnode-debug`, in which a developer sees which program has answered (I-41). */
function debugField({ debugHeaderEnabled }: IisnodeSettings, { program }: Lease): HeaderList {
  if (!debugHeaderEnabled) return []
  return [['iisnode-debug', `#iisnode_ver=${iisnodeVersion}&worker_pid=${process.pid}&node_pid=${program.pid}`]]
}
