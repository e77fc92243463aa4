import { chmodSync, copyFileSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..', '..')

/** The programs of a guest, bundled from the sources as tools/build.ts does; the directory that holds them. */
export async function buildPrograms(): Promise<string> {
  const programs = mkdtempSync(join(tmpdir(), 'reddog-programs-'))
  await build({
    absWorkingDir: root,
    entryPoints: {
      WindowsAzureGuestAgent: 'src/guest/guest-agent/main.ts',
      CertificateInstaller: 'src/guest/certificate-installer/main.ts',
      WaHostBootstrapper: 'src/guest/bootstrapper/main.ts',
      RemoteAccessAgent: 'src/guest/plugins/remote-access/main.ts',
      RemoteForwarder: 'src/guest/plugins/remote-forwarder/main.ts',
      DiagnosticsAgent: 'src/guest/plugins/diagnostics/main.ts',
      WaWorkerHost: 'src/role/worker-host/main.ts',
      runtime: 'src/role/runtime/index.ts',
      preload: 'src/role/runtime/preload.ts',
    },
    outdir: programs,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    external: ['cpu-features', '*.node'],
    // Libraries that are bundled here ask for Node's modules in the old way.
    banner: {
      js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);var __dirname=import.meta.dirname;",
    },
    logLevel: 'warning',
  })
  const agent = join(programs, 'WaAppAgent')
  copyFileSync(join(root, 'src/guest/app-agent/WaAppAgent'), agent)
  chmodSync(agent, 0o755)
  return programs
}
