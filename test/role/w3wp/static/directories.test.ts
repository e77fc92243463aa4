/** Directories of a site: what stands for them, and what is shown where nothing does (I-27, I-44, I-61). */
import assert from 'node:assert/strict'
import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { defaultDocumentOf } from '../../../../src/role/w3wp/static/default-document.ts'
import { sectionsOf, site } from './site.ts'

const browse = '<directoryBrowse enabled="true" />'

async function siteWith(test: TestContext, names: readonly string[], ...how: readonly string[]) {
  const served = await site(...how)
  test.after(served.close)
  for (const name of names) {
    const path = join(served.root, name)
    await (name.endsWith('/') ? mkdir(path, { recursive: true }) : writeFile(path, 'x'))
    const at = new Date('2012-06-07T15:04:00Z')
    await utimes(path, at, at)
  }
  return served
}

describe('a directory', () => {
  it('is asked for again with its slash, the query kept', async (test) => {
    const { curl } = await siteWith(test, ['docs/'])
    assert.match(await curl('/docs?a=1', '-i'), /^HTTP\/1\.1 301 [^]*location: \/docs\/\?a=1\r/i)
    assert.match(await curl('/docs?a=<b>', '-i'), /HREF="\/docs\/\?a=&#60;b&#62;"/)
  })

  for (const path of ['//docs', '/%5Cdocs/..//docs', '///docs'])
    it(`of the URL ${path} is never sent to another host`, async (test) => {
      const { curl } = await siteWith(test, ['docs/', '\\docs/'])
      assert.doesNotMatch(await curl(path, '-i'), /location: (?:[^/]|\/[/\\])/i)
    })

  it('without a document is 403.14, and read alone', async (test) => {
    const { curl, last } = await siteWith(test, ['docs/'])
    await curl('/docs/')
    assert.equal(last(), '403.14')
    await curl('/docs/', '-d', 'x=1')
    assert.equal(last(), '405.0')
  })

  it('without the module for it is not listed', async (test) => {
    const { curl, last } = await siteWith(test, [], browse, 'StaticFileModule')
    await curl('/')
    assert.equal(last(), '403.14')
  })

  it('is all that a handler without StaticFileModule serves', async (test) => {
    const { curl, last } = await siteWith(test, ['a.txt'], browse, 'DirectoryListingModule')
    await curl('/a.txt')
    assert.equal(last(), '404.0')
    await curl('/')
    assert.equal(last(), '200.0')
  })
})

describe('the listing of a directory', () => {
  it('shows times, sizes and names as IIS does', async (test) => {
    const { curl, root } = await siteWith(test, ['docs/', 'docs/old/', 'docs/B&W <1>.txt', 'docs/.hidden'], browse)
    await symlink('/etc/passwd', join(root, 'docs', 'away'))
    assert.deepEqual((await curl('/docs/')).split('\r\n'), [
      '<html><head><title>www.contoso.com - /docs/</title></head><body><H1>www.contoso.com - /docs/</H1><hr>',
      '',
      '<pre><A HREF="/">[To Parent Directory]</A><br><br>  6/7/2012  3:04 PM            1 <A HREF="/docs/B%26W%20%3C1%3E.txt">B&#38;W &#60;1&#62;.txt</A><br>',
      '  6/7/2012  3:04 PM        &lt;dir&gt; <A HREF="/docs/old/">old</A><br>',
      '</pre><hr></body></html>',
    ])
  })

  it('never leads to another host', async (test) => {
    const { curl } = await siteWith(test, ['docs/', 'docs/a.txt'], browse)
    assert.match(await curl('//docs//'), /HREF="\/docs\/a\.txt"/)
  })

  it('leaves out what showFlags does not name', async (test) => {
    const { curl } = await siteWith(test, ['a.txt'], '<directoryBrowse enabled="true" showFlags="Size" />')
    assert.match(await curl('/'), /<pre> {11}1 <A HREF="\/a\.txt">a<\/A><br>/)
  })
})

describe('the default document', () => {
  const documents: readonly (readonly [files: string, names: readonly string[], found: string | undefined])[] = [
    ['', ['index.html', 'Default.htm'], 'Default.htm'],
    ['', ['iisstart.htm', 'INDEX.HTML'], 'INDEX.HTML'],
    ['', ['index.php', 'default.html'], undefined],
    ['', ['index.htm/', 'default.aspx'], 'default.aspx'],
    ['<add value="index.php" />', ['index.html', 'Index.php'], 'Index.php'],
    ['<remove value="INDEX.html" />', ['index.html', 'iisstart.htm'], 'iisstart.htm'],
    ['<clear /><add value="server.js" />', ['index.html'], undefined],
    ['<add value="../secret.html" />', ['index.htm'], 'index.htm'],
  ]
  for (const [files, names, found] of documents)
    it(`of ${names.join(', ')} with "${files}" is ${found}`, async (test) => {
      const { root } = await siteWith(test, names)
      const section = sectionsOf(`<defaultDocument><files>${files}</files></defaultDocument>`)('defaultDocument')
      assert.equal(await defaultDocumentOf(root, section), found)
    })

  it('is none where the section is off, or the directory gone', async (test) => {
    const { root } = await siteWith(test, ['index.html'])
    const section = sectionsOf('<defaultDocument enabled="false" />')('defaultDocument')
    assert.equal(await defaultDocumentOf(root, section), undefined)
    assert.equal(await defaultDocumentOf(join(root, 'none'), sectionsOf('')('defaultDocument')), undefined)
  })
})
