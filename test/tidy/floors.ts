import { isBuiltin } from 'node:module'
import { basename } from 'node:path'
import { floorOf, type House, type Import, wires } from './house.ts'

/** Floors from top to bottom: goals go right, reports come back as answers. */
const floors = ['client', 'front-end', 'fabric', 'host', 'guest', 'role']

/** Rules 1 and 2: a file knows its own floor, what stands below all, and the contract of the next floor below. */
export function trespasses(house: House): readonly string[] {
  return house.files.flatMap((file) =>
    house.importsOf(file).flatMap((found) => {
      const why = trespass(file, found)
      return why ? [`${file} imports ${found.target}: ${why}`] : []
    }),
  )
}

function trespass(file: string, { target, typeOnly }: Import): string | undefined {
  if (isProjects(target)) return 'what ships knows nothing of tests, tools and benchmarks'
  if (!target.startsWith('src/') || wires(file)) return undefined
  const from = floorOf(file)
  const to = floorOf(target)
  if (from === to || to === 'kernel') return undefined
  if (to === 'service-model') return from === 'kernel' ? 'the kernel knows no service model' : undefined
  if (from === 'kernel' || from === 'service-model') return `${from} stands below every floor`
  const inContract = target.split('/')[2] === 'contract'
  if (to === 'machine') {
    if (/\/(?:facilities\.ts|perform(?:\.ts|\/))/.test(file) && target === 'src/machine/facilities.ts' && typeOnly)
      return undefined
    return 'only main.ts files reach the machine'
  }
  if (from === 'machine') return inContract ? undefined : 'the machine knows contracts alone'
  if (!inContract) return 'another floor is known by its contract alone'
  return floors.indexOf(to) === floors.indexOf(from) + 1
    ? undefined
    : 'a file knows the contract of the next floor below, and no other'
}

/** A path of this project outside src/. */
function isProjects(target: string): boolean {
  return /^(test|tools|bench|examples)\//.test(target) || target.startsWith('..')
}

/** What runs in a browser, and what is shared with it. */
const inBrowsers = [
  'src/client/portal/browser/',
  'src/client/service-management/',
  'src/client/portal/protocol.ts',
  'src/client/failure.ts',
]

/** Rule 3: `machine/` and `main.ts` own the I/O of front end, fabric, host and guest; client and role do their own, but for what browsers run. */
export function reachesOfNode(house: House): readonly string[] {
  const allowed = (file: string) =>
    !inBrowsers.some((begin) => file.startsWith(begin)) &&
    (basename(file) === 'main.ts' || ['machine', 'client', 'role'].includes(floorOf(file)))
  return house.files
    .filter((file) => !allowed(file))
    .flatMap((file) => house.importsOf(file).map(({ target }) => ({ file, target })))
    .filter(({ target }) => isBuiltin(target))
    .map(({ file, target }) => `${file} imports ${target}`)
}

/** Rule 2: no file leads back to itself. */
export function cycles(house: House): readonly string[] {
  const known = new Set(house.files)
  const done = new Set<string>()
  const found: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' → '))
    if (path.includes(file) || done.has(file)) return
    for (const { target } of house.importsOf(file)) if (known.has(target)) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of house.files) visit(file, [])
  return found
}
