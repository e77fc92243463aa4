/** Bundles each process entry into `dist/`, so that an agent starts fast and small. Does nothing when `dist/` is newer than every source. */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { buildPortal } from './build-portal.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'dist')

/** Process entries, by the name of their bundle. */
const entries: Readonly<Record<string, string>> = {
  reddog: 'src/client/cli/main.ts',
  up: 'src/main.ts',
  backup: 'src/machine/backup/main.ts',
  Azurite: 'src/machine/blob-service/main.ts',
  RDFE: 'src/front-end/main.ts',
  Portal: 'src/client/portal/gateway/main.ts',
  FabricController: 'src/fabric/controller/main.ts',
  NamespaceGate: 'src/machine/fabric-namespace/main.ts',
  BlobGate: 'src/machine/blob-gate/main.ts',
  PortHolder: 'src/fabric/port-holder/main.ts',
  LoadBalancer: 'src/fabric/load-balancer/main.ts',
  LoadBalancerWorker: 'src/fabric/load-balancer/worker/main.ts',
  VipHolder: 'src/machine/vips/main.ts',
  HostAgent: 'src/host/agent/main.ts',
  WindowsAzureGuestAgent: 'src/guest/guest-agent/main.ts',
  CertificateInstaller: 'src/guest/certificate-installer/main.ts',
  WaHostBootstrapper: 'src/guest/bootstrapper/main.ts',
  RemoteAccessAgent: 'src/guest/plugins/remote-access/main.ts',
  RemoteForwarder: 'src/guest/plugins/remote-forwarder/main.ts',
  DiagnosticsAgent: 'src/guest/plugins/diagnostics/main.ts',
  appcmd: 'src/guest/appcmd/main.ts',
  WaWorkerHost: 'src/role/worker-host/main.ts',
  WaIISHost: 'src/role/iis-host/main.ts',
  WaWebHost: 'src/role/web-host/main.ts',
  IISConfigurator: 'src/guest/iis-configurator/main.ts',
  W3SVC: 'src/guest/w3svc/main.ts',
  w3wp: 'src/role/w3wp/main.ts',
  'package-reader': 'src/machine/package/main.ts',
  runtime: 'src/role/runtime/index.ts',
  preload: 'src/role/runtime/preload.ts',
}

/** Those whose libraries are bundled however large: a guest sees no others. */
const ownLibraries = new Set(['DiagnosticsAgent', 'WaWebHost', 'w3wp'])

/** Files that go to `dist/` as they are, and by which names. `inetsrv` is on the PATH of roles. */
const copies: Readonly<Record<string, string>> = {
  WaAppAgent: 'src/guest/app-agent/WaAppAgent',
  RunByWine: 'src/guest/startup-tasks/RunByWine',
  'inetsrv/appcmd': 'src/guest/appcmd/appcmd',
  'inetsrv/appcmd.exe': 'src/guest/appcmd/appcmd',
}

/**
 * `import` of node:http or node:https reads every name that they export, among them the global WebSocket, and so starts a
 * whole HTTP client that nobody here uses: 40 ms of processor time and 7 MB for each process. `require` does not. Nor does it
 * load a library before the module that wants it: an `import` of one that stays outside of a bundle comes first in it.
 */
const required: Plugin = {
  name: 'required',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:https?$|^node-forge$/ }, ({ path, namespace }) =>
      namespace === 'required' ? { path, external: true } : { path, namespace: 'required' },
    )
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({ contents: `module.exports = require('${path}')` }))
  },
}

/** What Azurite would send to its maker is never begun, so it is not loaded; Node's own punycode is going, and warns of it. */
const inAzurite: Plugin = {
  name: 'in azurite',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^applicationinsights$/ }, ({ path }) => ({ path, namespace: 'absent' }))
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {}' }))
    onResolve({ filter: /^punycode$/ }, () => ({ path: join(root, 'node_modules/punycode/punycode.js') }))
  },
}

const stamp = join(dist, '.built')
const sources = globSync(['src/**/*', 'package-lock.json', 'tools/build*.ts'], { cwd: root })
const newest = Math.max(...sources.map((file) => statSync(join(root, file)).mtimeMs))

if (!existsSync(stamp) || statSync(stamp).mtimeMs < newest) {
  const fresh = `${dist}.${process.pid}`
  mkdirSync(fresh)
  const bundle = (entryPoints: readonly (readonly [out: string, file: string])[], external: readonly string[]) =>
    build({
      absWorkingDir: root,
      entryPoints: entryPoints.map(([out, file]) => ({ in: file, out })),
      outdir: fresh,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      // What ssh2 has in other languages than JavaScript it does without.
      external: ['node-forge', 'cpu-features', '*.node', ...external],
      banner: {
        js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);var __dirname=import.meta.dirname;",
      },
      plugins: [required, inAzurite],
      legalComments: 'none',
      logLevel: 'warning',
    })
  const [inGuests, others] = [true, false].map((own) =>
    Object.entries(entries)
      .filter(([, file]) => existsSync(join(root, file)))
      .filter(([out]) => ownLibraries.has(out) === own),
  ) as [[string, string][], [string, string][]]
  // Large libraries of single processes stay where they are; what agents use is bundled.
  await bundle(others, ['@azure/storage-blob'])
  await bundle(inGuests, [])
  await buildPortal(root, join(fresh, 'portal'))
  for (const [name, file] of Object.entries(copies))
    if (existsSync(join(root, file))) {
      const target = join(fresh, name)
      mkdirSync(dirname(target), { recursive: true })
      copyFileSync(join(root, file), target)
      chmodSync(target, 0o755)
    }
  // Sources of .NET assemblies, which the machine that runs them compiles.
  cpSync(join(root, 'src/role/dotnet'), join(fresh, 'dotnet'), { recursive: true })
  writeFileSync(join(fresh, '.built'), '')
  rmSync(dist, { recursive: true, force: true })
  renameSync(fresh, dist)
}
