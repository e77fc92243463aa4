/** The path of a URL as sites and applications know it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { poolDefaults, type WebSite } from '../../../src/service-model/application-host/application-host.ts'
import { poolOf } from '../../../src/service-model/application-host/find-site.ts'
import { urlPath } from '../../../src/service-model/application-host/url-path.ts'

const paths: Readonly<Record<string, string | undefined>> = {
  '/': '/',
  '/a/b?c=/../d': '/a/b',
  '/a/./b/../c': '/a/c',
  '/a/..': '/',
  '/a/b/..': '/a/',
  '/a/b/.': '/a/b/',
  '/a//b': '/a/b',
  '/a\\b': '/a/b',
  '/a%5Cb%2Fc': '/a/b/c',
  '/%61%20b+c': '/a b+c',
  '/%C3%A4': '/ä',
  '/%E4': '/ä',
  '/\u00c3\u00a4': '/ä',
  '/%252e%252e/a': '/%2e%2e/a',
  '/%2e%2e': undefined,
  '/a/../..': undefined,
  '/..%5c..%5ca': undefined,
  '/%': undefined,
  '/%4': undefined,
  '/%zz': undefined,
  '/a%00b': undefined,
}

describe('the path of a URL', () => {
  for (const [target, path] of Object.entries(paths))
    it(`${target} is ${path ?? 'none'}`, () => assert.equal(urlPath(target), path))
})

it('the pool of an application is found whatever the case of its name, as IIS finds it', () => {
  const directories = [{ path: '/', physicalPath: '/' }]
  const applications = [{ path: '/', pool: 'SHOP', directories }]
  const site: WebSite = { name: 'Shop', id: 1, bindings: [], logDirectory: '/', applications }
  assert.equal(poolOf({ pools: [{ name: 'Shop', ...poolDefaults }] }, site, '/a')?.name, 'Shop')
  assert.equal(poolOf({ pools: [] }, site, '/a'), undefined)
})
