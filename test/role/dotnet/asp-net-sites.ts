/** Sites of ASP.NET for tests: their files, and a real w3wp that serves them with a real process of Mono behind it. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { compileAssembly } from '../../../src/machine/dotnet/compile-assembly.ts'
import { ownAssemblies } from '../../../src/machine/dotnet/own-assemblies.ts'
import { roleVariables } from '../../../src/role/contract/variables.ts'
import { type Files, startWorker, type Worker } from '../w3wp/worker.ts'

const sources = new URL('../../../src/role/dotnet', import.meta.url).pathname

export const page = (code: string) => `<%@ Page Language="C#" %><% ${code} %>`

export const handler = (name: string, code: string) => `<%@ WebHandler Language="C#" Class="${name}" %>
  using System.Web;
  public class ${name} : IHttpHandler {
    public bool IsReusable { get { return true; } }
    public void ProcessRequest(HttpContext context) { ${code} }
  }`

export const application = (code: string) => `<%@ Application Language="C#" %><script runat="server">${code}</script>`

export const config = (web: string, server = ''): Files => ({
  'Web.config': `<configuration><system.web>${web}</system.web><system.webServer>${server}</system.webServer></configuration>`,
})

/** Within a `describe`: compiles what ASP.NET needs, once, and gives what serves a site's files while they are asked for. */
export function aspNetSites(): (files: Files, use: (worker: Worker) => Promise<void>) => Promise<void> {
  let assemblies = ''

  before(async () => {
    assemblies = mkdtempSync(join(tmpdir(), 'assemblies-'))
    for (const assembly of ownAssemblies)
      assert.equal(await compileAssembly(assembly, sources, assemblies), undefined, assembly.file)
    process.env[roleVariables.assemblies] = assemblies
    // Where Mono leaves the pages that it has compiled; in a guest it is the guest's own.
    process.env['TMPDIR'] = assemblies
  })

  after(() => {
    delete process.env[roleVariables.assemblies]
    delete process.env['TMPDIR']
    rmSync(assemblies, { recursive: true, force: true })
  })

  return async (files, use) => {
    const worker = await startWorker([{ files }])
    try {
      await use(worker)
    } finally {
      await worker.close()
    }
  }
}
