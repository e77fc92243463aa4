import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundles } from '../bundle.ts'

const programs = [
  'WaAppAgent',
  'WindowsAzureGuestAgent.mjs',
  'CertificateInstaller.mjs',
  'WaHostBootstrapper.mjs',
  'RemoteAccessAgent.mjs',
  'RemoteForwarder.mjs',
  'DiagnosticsAgent.mjs',
  'WaWorkerHost.mjs',
  'W3SVC.mjs',
  'appcmd.mjs',
  'inetsrv',
  'dotnet',
  'runtime.mjs',
  'preload.mjs',
]

/** A directory that holds the programs of a guest, with the library that their bundles look for beside them, and nothing else. */
export function copyPrograms(): string {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-programs-'))
  for (const program of programs) cpSync(join(bundles(), program), join(directory, program), { recursive: true })
  const library = 'node_modules/node-forge'
  cpSync(join(bundles(), '..', library), join(directory, library), { recursive: true })
  return directory
}
