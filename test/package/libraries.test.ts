/** What is said of the .NET libraries of a package that cannot be read, or are too many (doctor, deploy). */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { readPackage } from '../../src/machine/package/read-package.ts'
import { tableNumbers } from '../../src/service-model/dotnet/metadata-schema.ts'
import { builtAssembly } from '../service-model/dotnet/built-assembly.ts'
import { desk } from './desk.ts'
import { legacyPackage } from './hand-made.ts'
import type { RawEntry } from './raw-zip.ts'

async function saidOf(roleFiles: readonly RawEntry[]): Promise<readonly string[]> {
  await using place = await desk()
  const file = await place.put('a.cspkg', legacyPackage({ roleFiles }))
  const read = await readPackage(file, { quarantine: join(place.directory, 'q'), verifiesOnly: true })
  assert.ok(read.ok)
  return read.value.findings.filter(({ subject }) => subject === 'assembly').map(({ reason }) => reason)
}

const { moduleRef, implMap } = tableNumbers

/** A library that calls one function of each of so many libraries of Windows. */
const caller = (libraries: number) =>
  builtAssembly((names) => ({
    [moduleRef]: Array.from({ length: libraries }, (_, index) => [names.at(`windows${index}.dll`)]),
    [implMap]: Array.from({ length: libraries }, (_, index) => [0, 0, names.at('Call'), index + 1]),
  }))

test('libraries that cannot be read are named, one that is larger than any of the field too', async () => {
  const said = await saidOf([
    { name: 'approot/native.dll', data: 'ELF' },
    { name: 'approot/large.dll', data: Buffer.alloc(32 * 2 ** 20 + 1), deflate: true },
    { name: 'approot/fine.dll', data: caller(1) },
  ])
  assert.deepEqual(said, [
    'Role Worker: of approot/native.dll, approot/large.dll nothing is known. What is no library of Windows, is cut off or bent, or larger than any of the field is not looked into.',
    'Role Worker: approot/fine.dll calls Call of windows0.dll, a library for Windows: that throws DllNotFoundException.',
  ])
})

test('nothing is said of libraries of .NET Core and later, which Mono does not run', async () => {
  const said = await saidOf([
    { name: 'approot/App.runtimeconfig.json', data: '{}' },
    { name: 'approot/App.dll', data: caller(1) },
    { name: 'approot/runtimes/unix/lib/Native.dll', data: 'ELF' },
    { name: 'sitesroot/0/bin/Site.dll', data: caller(1) },
  ])
  assert.deepEqual(
    said.map((reason) => /(\S+\.dll) calls/.exec(reason)?.[1]),
    ['sitesroot/0/bin/Site.dll'],
  )
})

test('of more libraries than are looked into, and of more findings than are told, that is said', async () => {
  const tooMany = await saidOf(Array.from({ length: 301 }, (_, index) => ({ name: `approot/${index}.dll`, data: 'x' })))
  assert.match(tooMany[0] ?? '', /: of approot\/0\.dll, .*7\.dll and 292 more nothing is known/)
  assert.deepEqual(tooMany.slice(1), [
    'Role Worker: more is to be said of its libraries (301); 300 at most are looked into, and the first 100 findings are told.',
  ])
  const tooMuch = await saidOf([{ name: 'approot/a.dll', data: caller(101) }])
  assert.equal(tooMuch.length, 101)
  assert.match(tooMuch.at(-1) ?? '', /more is to be said of its libraries \(1\)/)
})
