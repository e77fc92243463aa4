import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { build } from 'vite'

/** Builds the portal's browser application into `out`, each file that can be compressed with its `.br` and `.gz` beside it. */
export async function buildPortal(root: string, out: string): Promise<void> {
  await build({
    configFile: false,
    root: join(root, 'src/client/portal/browser'),
    base: '/',
    logLevel: 'warn',
    plugins: [react()],
    build: { outDir: out, emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0, chunkSizeWarningLimit: 1024 },
  })
  for (const file of globSync('**/*.{js,css,svg}', { cwd: out })) {
    const bytes = readFileSync(join(out, file))
    writeFileSync(join(out, `${file}.br`), brotliCompressSync(bytes))
    writeFileSync(join(out, `${file}.gz`), gzipSync(bytes))
  }
}
