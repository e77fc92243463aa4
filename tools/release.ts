/**
 * Makes the release tarball, which `npm install -g` takes: `node tools/release.ts [DIRECTORY]` writes `reddog-VERSION.tgz` into the directory (the
 * current one) and prints its path. The processes are bundled, so that it depends only on what stays outside of bundles, and brings Node with it.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const target = resolve(process.argv[2] ?? '.')

interface PackageFile {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license: string
  readonly dependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
}

/** Libraries that bundles load from node_modules (tools/build.ts). */
const outsideOfBundles = ['node-forge', '@azure/storage-blob'] as const

const node = join(root, 'node_modules/.bin/node')
execFileSync('sh', [join(root, 'tools/setup.sh')], { stdio: ['ignore', 'inherit', 'inherit'] })
const stage = mkdtempSync(join(tmpdir(), 'reddog-release-'))
try {
  const { name, version, description, license, dependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as PackageFile
  for (const part of ['bin', 'dist', 'examples', 'docs/guide', 'packaging', 'README.md', 'CHANGELOG.md', 'LICENSE'])
    cpSync(join(root, part), join(stage, part), { recursive: true })
  // Who writes roles in TypeScript has the types of the role runtime.
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const types = ['-p', join(root, 'tools/runtime-types.json'), '--outDir', join(stage, 'types')]
  execFileSync(node, [compiler, ...types], { stdio: 'inherit' })
  const made = {
    name,
    version,
    description,
    license,
    type: 'module',
    os: ['linux'],
    bin: { reddog: 'bin/reddog' },
    exports: { './runtime': { types: './types/role/runtime/index.d.ts', default: './dist/runtime.mjs' } },
    dependencies: Object.fromEntries(outsideOfBundles.map((library) => [library, dependencies[library]])),
    optionalDependencies,
  }
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(made, null, 2)}\n`)
  mkdirSync(target, { recursive: true })
  const packed = execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', target], {
    cwd: stage,
  })
  console.log(join(target, packed.toString().trim()))
} finally {
  rmSync(stage, { recursive: true, force: true })
}
