import { own } from '../kernel/own.ts'

/** A plug-in of the original's SDK (service-model.md 2.8), whose programs run on Windows alone. */
export interface SdkPlugin {
  /** As a clause, what a role goes without when the plug-in is passed over. */
  readonly lack: string
}

/** By module, in lower case. */
const plugins: Readonly<Record<string, SdkPlugin>> = {
  diagnostics: { lack: 'nothing is collected, and nothing transferred to its storage account' },
  remoteaccess: { lack: 'no account is made, and nobody can connect to an instance' },
  remoteforwarder: { lack: 'nothing answers at its endpoint' },
  caching: { lack: 'there is no cache' },
  webdeploy: { lack: 'nothing can be published into an instance' },
  connect: { lack: 'an instance joins no network' },
  remotedebuggerconnector: { lack: 'no debugger can connect' },
  remotedebugger: { lack: 'no debugger can connect' },
  profiling: { lack: 'nothing is profiled' },
  intellitrace: { lack: 'nothing is traced' },
}

/** The plug-in of the SDK that bears this name, in whatever case; any other brings programs of its own, which run (P-1). */
export function sdkPlugin(module: string): SdkPlugin | undefined {
  return own(plugins, module.toLowerCase())
}
