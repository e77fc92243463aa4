import type { Node } from 'oxc-parser'
import { timerDefaults } from '../../src/kernel/timers.ts'
import type { House } from './house.ts'
import { nodesOf, oncePerModule } from './module.ts'

/** Files and folders are named for what they hold, and exports by name. */
export function vagueNames(house: House): readonly string[] {
  const vague = house.files
    .filter((file) =>
      file
        .split('/')
        .some((part) =>
          /^(utils?|common|helpers?|managers?|misc|shared|lib)(\.tsx?)?$|[-.](utils?|helpers?|manager)\b/.test(part),
        ),
    )
    .map((file) => `${file} is named for nothing that it holds`)
  const defaults = house.files
    .filter((file) => house.moduleOf(file).exported.includes('default'))
    .map((file) => `${file} exports by no name`)
  return [...vague, ...defaults]
}

/** A duration of table C-1 stands once as a number, in the timer table. */
export function secondDurations(house: House): readonly string[] {
  return house.files
    .filter((file) => file !== 'src/kernel/timers.ts')
    .flatMap((file) => durationsIn(house.moduleOf(file)).map((name) => `${file} says anew how long ${name} is`))
}

const timerName = new RegExp(`^(${Object.keys(timerDefaults).join('|')})(Ms)?$`, 'i')

const durationsIn = oncePerModule(({ body }) =>
  [...nodesOf(body)].flatMap((node) => {
    const [name, value] = given(node)
    return name?.type === 'Identifier' && timerName.test(name.name) && value && isNumber(value) ? [name.name] : []
  }),
)

/** The name and the value of what gives a value to a name. */
function given(node: Node): readonly [name: Node, value: Node | null] | readonly [] {
  if (node.type === 'Property') return [node.key, node.value]
  if (node.type === 'VariableDeclarator') return [node.id, node.init]
  if (node.type === 'AssignmentPattern') return [node.left, node.right]
  return []
}

/** A number, or what is computed of numbers: `10 * 1_000`. */
function isNumber(node: Node): boolean {
  if (node.type === 'BinaryExpression') return isNumber(node.left) && isNumber(node.right)
  return node.type === 'Literal' && typeof node.value === 'number'
}
