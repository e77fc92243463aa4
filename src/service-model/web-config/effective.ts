import type { Layer } from './layer.ts'
import type { CollectionSchema, Effective, SectionSchema } from './schema.ts'

/** A section as it is in force, and why it is not where two files do not fit together: 500.19 with file and line (I-58). */
export interface Merged<S extends SectionSchema> {
  readonly value: Effective<S>
  readonly faults: readonly string[]
}

/** The settings of all files for a section, from the topmost to the lowest; without files, the defaults. */
export function effective<S extends SectionSchema>(schema: S, layers: readonly Layer[]): Merged<S> {
  const faults: string[] = []
  return { value: merge(schema, layers, faults) as Effective<S>, faults }
}

function merge(
  { attributes, elements, collection }: SectionSchema,
  layers: readonly Layer[],
  faults: string[],
): object {
  const defaults = Object.entries(attributes).map(([name, { fallback }]) => [name, fallback?.value] as const)
  return {
    ...Object.fromEntries(defaults),
    ...Object.assign({}, ...layers.map((layer) => layer.attributes)),
    ...Object.fromEntries(
      Object.entries(elements).map(([name, inner]) => [
        name,
        merge(
          inner,
          layers.flatMap((layer) => layer.elements[name] ?? []),
          faults,
        ),
      ]),
    ),
    ...(collection && { items: itemsOf(collection, layers, faults), ...withdrawn(layers) }),
  }
}

function itemsOf(
  { item, schema, key, first }: CollectionSchema,
  layers: readonly Layer[],
  faults: string[],
): readonly object[] {
  let items = new Map<string, Layer>()
  let keyless = 0
  for (const { steps } of layers) {
    const own = new Map<string, Layer>()
    for (const step of steps) {
      if (step.kind === 'clear') for (const all of [items, own]) all.clear()
      else if (step.kind === 'remove') for (const all of [items, own]) all.delete(step.key)
      else if (key.length === 0) own.set(`${keyless++}`, step.item)
      else if (items.has(step.key) || own.has(step.key))
        faults.push(
          `${step.item.file}(${step.item.line}): ${item} with the ${key.join(' and ')} ${words(step.key)} is there already; remove it first.`,
        )
      else own.set(step.key, step.item)
    }
    items = new Map(first ? [...own, ...items] : [...items, ...own])
  }
  return [...items.values()].map((one) => merge(schema, [one], faults))
}

function withdrawn(layers: readonly Layer[]) {
  const steps = layers.flatMap((layer) => layer.steps)
  const removed = steps.flatMap((step) => (step.kind === 'remove' ? [partsOf(step.key)] : []))
  return { removed, isCleared: steps.some(({ kind }) => kind === 'clear') }
}

function partsOf(key: string): readonly string[] {
  return JSON.parse(key)
}

function words(key: string): string {
  return partsOf(key)
    .map((part) => `"${part}"`)
    .join(', ')
}
