import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { monoPackages } from '../../../src/service-model/dotnet/needs-mono.ts'

it('names the same packages wherever somebody is told to install Mono', () => {
  for (const path of ['docs/guide/dotnet.md', 'docs/guide/dotnet-web.md', 'examples/dotnet-web/README.md', '.ci/run']) {
    const [named] =
      /mono-runtime[-\w. ]*/.exec(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')) ?? []
    assert.equal(named, monoPackages, path)
  }
})
