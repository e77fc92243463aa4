import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { array, assert as check, nat, property, tuple } from 'fast-check'
import type { RoleDefinition } from '../../../src/service-model/definition.ts'
import { readAssembly } from '../../../src/service-model/dotnet/read-assembly.ts'
import { type Definitions, readDefinitions } from '../../../src/service-model/dotnet/read-definitions.ts'
import { assemblyFindings, type MonoLibraries } from '../../../src/service-model/findings/assemblies.ts'
import { compiled, withoutMono } from '../../role/dotnet/mono.ts'

/** Of .NET Framework, with what Mono's has not. */
const frameworksWeb = `
  namespace System.Web { public class HttpContext { public void AcceptWebSocketRequest() {} public static HttpContext Current { get { return null; } } } }
  namespace System.Web.WebSockets { public class AspNetWebSocket { public class Inner {} } }`

const site = `
  using System.Runtime.InteropServices; using System.Web;
  [assembly: System.Reflection.AssemblyVersion("1.2.3.4")]
  public class Page {
    [DllImport("kernel32.dll")] static extern int GetTickCount();
    [DllImport("libc")] static extern int getpid();
    public object Show() { HttpContext.Current.AcceptWebSocketRequest(); GetTickCount(); return new System.Web.WebSockets.AspNetWebSocket.Inner(); }
    public Vendor.Thing Made = new Vendor.Thing();
  }`

const role = { name: 'Web' } as RoleDefinition

const bare: MonoLibraries = { has: () => false, definitionsOf: () => undefined }

const known = new Map<string, Definitions | undefined>()

const mono: MonoLibraries = {
  has: (name) => name === 'mscorlib' || name === 'System.Web',
  definitionsOf(name) {
    if (!known.has(name)) known.set(name, readDefinitions(readFileSync(`/usr/lib/mono/4.5/${name}.dll`)))
    return known.get(name)
  },
}

function siteLibrary(): Buffer {
  const references = {
    'System.Web': compiled('System.Web', frameworksWeb),
    Vendor: compiled('Vendor', 'namespace Vendor { public class Thing {} }'),
  }
  return compiled('Site', site, references)
}

const reasonsOf = (bytes: Buffer, of: MonoLibraries) =>
  assemblyFindings(role, [{ path: 'approot/bin/Site.dll', read: readAssembly(bytes) }], of).map(({ reason }) => reason)

test('a library says its name, and what it asks of others', { skip: withoutMono }, () => {
  const read = readAssembly(siteLibrary())
  assert.ok(read.kind === 'managed')
  const { name, version, isPure, references, calls, types, members } = read.assembly
  assert.deepEqual([name, version, isPure], ['Site', '1.2.3.4', true])
  assert.deepEqual(references.map((one) => one.name).toSorted(), ['System.Web', 'Vendor', 'mscorlib'])
  assert.deepEqual(calls, [
    { library: 'kernel32.dll', name: 'GetTickCount' },
    { library: 'libc', name: 'getpid' },
  ])
  assert.ok(types.some(({ type }) => type === 'System.Web.WebSockets.AspNetWebSocket.Inner'))
  assert.ok(
    members.some(({ type, member }) => type === 'System.Web.HttpContext' && member === 'AcceptWebSocketRequest'),
  )
})

test('doctor names functions of Windows, libraries of nobody, and members that Mono has not', {
  skip: withoutMono,
}, () => {
  const reasons = reasonsOf(siteLibrary(), mono)
  const at = 'Role Web: approot/bin/Site.dll'
  assert.deepEqual(reasons, [
    `${at} calls GetTickCount of kernel32.dll, a library for Windows: that throws DllNotFoundException.`,
    `${at} asks for Vendor 0.0.0.0, which neither the package nor Mono has: that throws FileNotFoundException. Put it beside the library.`,
    `${at} uses the types System.Web.WebSockets.AspNetWebSocket, System.Web.WebSockets.AspNetWebSocket.Inner, which Mono has not: what comes to that throws TypeLoadException.`,
    `${at} uses the member System.Web.HttpContext.AcceptWebSocketRequest, which Mono has not: what comes to that throws MissingMethodException.`,
  ])
})

test('doctor names the storage emulator, and clients of queues and tables, which an account of the fabric has not', {
  skip: withoutMono,
}, () => {
  const library = 'Microsoft.WindowsAzure.Storage'
  const fake = compiled(
    library,
    `namespace ${library}.Queue { public class CloudQueueClient {} } namespace ${library}.Blob { public class CloudBlobClient {} } namespace ${library} { public class CloudStorageAccount { public static object DevelopmentStorageAccount { get { return null; } } } }`,
  )
  const uses = (code: string) =>
    reasonsOf(
      compiled('Worker', `public class W { public object Of() { return ${code}; } }`, {
        [library]: fake,
      }),
      mono,
    )
  assert.match(
    uses(`new ${library}.Queue.CloudQueueClient()`).join(),
    /Site\.dll uses CloudQueueClient: an account of the fabric has blobs alone\./,
  )
  const emulator = uses(`${library}.CloudStorageAccount.DevelopmentStorageAccount`).join()
  assert.match(emulator, /uses CloudStorageAccount\.DevelopmentStorageAccount, the storage emulator/)
  assert.doesNotMatch(uses(`new ${library}.Blob.CloudBlobClient()`).join(), /blobs alone/)
})

test('on a machine without those libraries the packages of Debian are named', { skip: withoutMono }, () => {
  assert.match(
    reasonsOf(siteLibrary(), bare)[0] ?? '',
    /Install Debian's packages libmono-corlib4.5-cil libmono-system-web4.0-cil\.$/,
  )
})

test('the libraries of Mono itself are found whole by this reading', { skip: withoutMono }, () => {
  const has = (name: string) => ['mscorlib', 'System', 'System.Core', 'System.Xml'].includes(name)
  const bytes = readFileSync('/usr/lib/mono/4.5/System.Core.dll')
  const reasons = reasonsOf(bytes, { ...mono, has }).filter((reason) => reason.includes('Mono has not'))
  assert.deepEqual(reasons, [])
})

test('a type within one that a library has from another is found', { skip: withoutMono }, () => {
  const definitions = readDefinitions(readFileSync('/usr/lib/mono/4.5/System.dll'))
  assert.ok(definitions?.has('System.Collections.Generic.Queue`1.Enumerator'))
  assert.ok(!definitions?.has('Enumerator'))
})

test('a library of a processor is none of .NET, and a text is no library', () => {
  assert.equal(readAssembly(Buffer.from('MZ, it says')).kind, 'unreadable')
  assert.equal(readAssembly(Buffer.alloc(0)).kind, 'unreadable')
})

test('a library that is cut off or bent is read or refused, and never throws', { skip: withoutMono }, () => {
  const whole = siteLibrary()
  const place = nat(whole.length - 1)
  check(
    property(place, array(tuple(place, nat(255)), { maxLength: 8 }), (length, bends) => {
      for (const bent of [Buffer.from(whole), Buffer.from(whole.subarray(0, length))]) {
        for (const [at, byte] of bends) if (at < bent.length) bent[at] = byte
        readAssembly(bent)
        readDefinitions(bent)
      }
    }),
    { numRuns: 2_000 },
  )
})
