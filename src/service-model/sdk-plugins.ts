import { own } from '../kernel/own.ts'

/** A plug-in of the original's SDK (service-model.md 2.8). Its programs run on Windows alone, so that ours stand for them, or none. */
export interface SdkPlugin {
  /** Ours, which its tasks run; without one they are passed over. */
  readonly agent?: Agent
  /** As a clause, what a role lacks; undefined when it has all that the plug-in promises. */
  readonly lack?: string
}

/** A program of ours that takes the place of a plug-in's. */
export interface Agent {
  /** Name of its bundle, and of its process. */
  readonly program: string
  /** Whether it serves on while the role is started again, like services that the original installs in the system (P-24). */
  readonly outlivesRole: boolean
  /** Whether it is to end by itself, after a while, when the role stops and is not started again: unfinished work is lost then. */
  readonly hasLastWords?: boolean
}

/** By module, in lower case. */
const plugins: Readonly<Record<string, SdkPlugin>> = {
  diagnostics: { agent: { program: 'DiagnosticsAgent', outlivesRole: false, hasLastWords: true } },
  remoteaccess: { agent: { program: 'RemoteAccessAgent', outlivesRole: true } },
  remoteforwarder: { agent: { program: 'RemoteForwarder', outlivesRole: true } },
  caching: { lack: 'there is no cache' },
  webdeploy: { lack: 'nothing can be published into an instance' },
  connect: { lack: 'an instance joins no network' },
  remotedebuggerconnector: { lack: 'no debugger can connect' },
  remotedebugger: { lack: 'no debugger can connect' },
  profiling: { lack: 'nothing is profiled' },
  intellitrace: { lack: 'nothing is traced' },
}

/** The plug-in of the SDK with this name, in any case; any other contains programs of its own, which run (P-1). */
export function sdkPlugin(module: string): SdkPlugin | undefined {
  return own(plugins, module.toLowerCase())
}

/** Whether this task makes the start wait until the plug-in is ready (P-4, P-5). */
export function blocksStartup(commandLine: string): boolean {
  return /\s\/blockStartup\b/i.test(commandLine)
}
