import { effective, type Merged } from '../effective.ts'
import type { Layer } from '../layer.ts'
import type { SectionSchema } from '../schema.ts'
import {
  type InboundRule,
  type OutboundRule,
  type RewriteLayer,
  type RewriteRules,
  type RewriteSection,
  rewriteSections,
} from './rewrite.ts'

/**
 * The rules of several files together, from the topmost file (applicationHost.config) to the lowest; each keeps its own directory
 * (I-49). A lower file removes inherited ones by `remove` and `clear`; a duplicate name is a fault (500.19, I-58).
 */
export function mergeRewrite(layers: readonly RewriteLayer[]): {
  readonly value: RewriteRules
  readonly faults: readonly string[]
} {
  const of = <Name extends RewriteSection>(name: Name) => inForce(rewriteSections[name], name, layers)
  const outbound = of('outboundRules')
  const [rules, globalRules, maps, allowed] = [
    of('rules'),
    of('globalRules'),
    of('rewriteMaps'),
    of('allowedServerVariables'),
  ]
  const { preConditions, customTags, rewriteBeforeCache } = outbound.value
  return {
    value: {
      // `placed` has given each item what Placed says.
      globalRules: globalRules.value.items as readonly InboundRule[],
      rules: rules.value.items as readonly InboundRule[],
      outboundRules: outbound.value.items as readonly OutboundRule[],
      preConditions: preConditions.items,
      customTags: customTags.items,
      rewriteBeforeCache,
      rewriteMaps: maps.value.items,
      allowedServerVariables: allowed.value.items.map(({ name }) => name),
    },
    faults: [globalRules, rules, outbound, maps, allowed].flatMap(({ faults }) => faults),
  }
}

function inForce<S extends SectionSchema>(schema: S, name: RewriteSection, layers: readonly RewriteLayer[]): Merged<S> {
  const written = layers.flatMap(({ sections, directory }) => {
    const layer = sections[name]
    return layer ? [placed(layer, directory)] : []
  })
  return effective(schema, written)
}

function placed(layer: Layer, directory: string): Layer {
  const steps = layer.steps.map((step) => {
    if (step.kind !== 'add') return step
    const { file, line, attributes } = step.item
    return { ...step, item: { ...step.item, attributes: { ...attributes, directory, file, line } } }
  })
  return { ...layer, steps }
}
