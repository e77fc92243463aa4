/** Loaded before the tests (`--import`): lets them find one file changed, as MUTANT says. Nothing is written to the disk. */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { configureGlobal } from 'fast-check'
import type { Mutant } from './mutants.ts'

const { file, start, end, text } = JSON.parse(process.env['MUTANT'] ?? '') as Mutant
const url = pathToFileURL(file).href
const source = readFileSync(file, 'utf8')

// That a property fails is enough: nobody reads the smallest case of it.
configureGlobal({ endOnFailure: true })

registerHooks({
  load: (loaded, context, next) =>
    loaded === url
      ? { format: 'module-typescript', source: source.slice(0, start) + text + source.slice(end), shortCircuit: true }
      : next(loaded, context),
})
