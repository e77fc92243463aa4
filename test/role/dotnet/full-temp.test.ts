/** A site whose TEMP is full (S-31): what needs no room there is served, the rest fails with a line, and room brings it back. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { until } from '../../until.ts'
import { aspNetSites, handler, page } from './asp-net-sites.ts'
import { withoutMono } from './mono.ts'

const withoutRoot = process.getuid?.() === 0 ? false : 'it needs root to mount a small disk'

/** More than is held in memory of a body whose length is not stated. */
const uploadBytes = 200_000

describe('a full TEMP', { skip: withoutMono || withoutRoot }, () => {
  const serving = aspNetSites()

  it('refuses what is kept there, and serves pages and files', async (test) => {
    const disk = mkdtempSync(join(tmpdir(), 'full-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk])
    test.after(() => {
      execFileSync('umount', [disk])
      rmdirSync(disk)
    })
    const files = {
      'a.aspx': page('Response.Write("page");'),
      'up.ashx': handler('Up', 'context.Response.Write(context.Request.InputStream.Length);'),
      'a.txt': 'file',
    }
    process.env['TMPDIR'] = disk
    await serving(files, async ({ ask, output }) => {
      const upload = () =>
        ask('/up.ashx', {
          method: 'POST',
          headers: { 'transfer-encoding': 'chunked' },
          body: 'x'.repeat(uploadBytes),
        })
      assert.equal((await upload()).body, `${uploadBytes}`)
      const filler = join(disk, 'filler')
      await until(async () => {
        // What was kept of a request before may go only now, and make room.
        assert.throws(() => appendFileSync(filler, Buffer.alloc(4 * 1024 * 1024)), { code: 'ENOSPC' })
        return (await upload()).status === 500
      }, 'there is no room for a body')
      await until(() => /ASP\.NET: SiteHost: .*Disk full\. Path/.test(output()), 'the log says why')
      assert.match((await ask('/a.aspx')).body, /page/)
      assert.equal((await ask('/a.txt')).body, 'file')
      rmSync(filler)
      assert.equal((await upload()).body, `${uploadBytes}`)
    })
  })
})
