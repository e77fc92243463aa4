import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { WebSite } from '../../../src/service-model/application-host/application-host.ts'
import { findSite, mapPath } from '../../../src/service-model/application-host/find-site.ts'

const address = '10.1.2.3'

function site(name: string, ...hosts: readonly string[]): WebSite {
  return {
    name,
    id: 1,
    logDirectory: '/logs',
    bindings: hosts.map((hostHeader) => ({ protocol: 'http', address, port: 80, hostHeader })),
    applications: [],
  }
}

const sites = [site('any', ''), site('shop', 'shop.example.com', 'www.shop.example.com')]

describe('the site of a request (I-10, I-11)', () => {
  for (const [host, expected] of [
    ['shop.example.com', 'shop'],
    ['SHOP.example.com:8080', 'shop'],
    ['www.shop.example.com.', 'shop'],
    ['other.example.com', 'any'],
    ['', 'any'],
    ['[::1]:80', 'any'],
  ] as const)
    it(`of the host "${host}" is ${expected}`, () =>
      assert.equal(findSite(sites, { address, port: 80, host })?.name, expected))

  it('is none at another port or address, and none where all bindings have names', () => {
    assert.equal(findSite(sites, { address, port: 81, host: 'shop.example.com' }), undefined)
    assert.equal(findSite(sites, { address: '127.0.0.1', port: 80, host: 'shop.example.com' }), undefined)
    assert.equal(findSite(sites.slice(1), { address, port: 80, host: 'x' }), undefined)
  })
})

describe('the place of a path in a site (I-13)', () => {
  const whole: WebSite = {
    ...site('whole', ''),
    applications: [
      {
        path: '/',
        pool: 'p',
        directories: [
          { path: '/', physicalPath: '/e/sitesroot/0/' },
          { path: '/images', physicalPath: '/e/sitesroot/2' },
        ],
      },
      { path: '/shop', pool: 'p', directories: [{ path: '/', physicalPath: '/e/sitesroot/1' }] },
      { path: '/images/admin', pool: 'p', directories: [{ path: '/', physicalPath: '/e/sitesroot/3' }] },
    ],
  }
  for (const [path, application, physicalPath, directory] of [
    ['/', '/', '/e/sitesroot/0', '/'],
    ['/a/b.html', '/', '/e/sitesroot/0/a/b.html', '/'],
    ['/images', '/', '/e/sitesroot/2', '/images'],
    ['/Images/x.png', '/', '/e/sitesroot/2/x.png', '/images'],
    ['/imagesque', '/', '/e/sitesroot/0/imagesque', '/'],
    ['/shop/cart', '/shop', '/e/sitesroot/1/cart', '/shop'],
    ['/shopping', '/', '/e/sitesroot/0/shopping', '/'],
    ['/images/admin/', '/images/admin', '/e/sitesroot/3', '/images/admin'],
  ] as const)
    it(`of ${path} is ${physicalPath} in ${application}`, () => {
      const mapped = mapPath(whole, path)
      assert.deepEqual(
        [mapped?.application.path, mapped?.physicalPath, mapped?.directory],
        [application, physicalPath, directory],
      )
    })
})
