/** Plug-ins that came with the original's SDK (service-model.md 5), in lower case. Their programs are Windows'. */
const names = new Set([
  'diagnostics',
  'remoteaccess',
  'remoteforwarder',
  'caching',
  'webdeploy',
  'connect',
  'remotedebuggerconnector',
  'remotedebugger',
  'profiling',
  'intellitrace',
])

/** Whether a module is one of the SDK's, which do not run here; those of others run (P-1). */
export function isOfSdk(module: string): boolean {
  return names.has(module.toLowerCase())
}
