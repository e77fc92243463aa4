/** A batch file as its shell runs it: a label, or a line of commands. */
export type Statement =
  | { readonly kind: 'label'; readonly name: string }
  | { readonly kind: 'line'; readonly text: string }

/**
 * The statements of a batch file. A line that ends with a caret continues in the next. A group opened at the end of a line and closed at the
 * beginning of another is one line, with `&` between its commands.
 */
export function statementsOf(text: string): readonly Statement[] {
  const found: Statement[] = []
  let open = ''
  let depth = 0
  for (const line of text.replaceAll(/\^\r?\n/g, '').split(/\r?\n/)) {
    const command = line.trim().replace(/^@\s*/, '')
    if (isNothing(command)) continue
    const [, label] = depth === 0 ? (/^:\s*([^\s:]+)/.exec(command) ?? []) : []
    if (label !== undefined) {
      found.push({ kind: 'label', name: label.toLowerCase() })
      continue
    }
    open += separator(open, command) + command
    if (command.startsWith(')')) depth -= 1
    if (opensGroup(command)) depth += 1
    if (depth > 0) continue
    found.push({ kind: 'line', text: open })
    open = ''
    depth = 0
  }
  return open === '' ? found : [...found, { kind: 'line', text: open }]
}

function isNothing(command: string): boolean {
  return command === '' || command.startsWith('::') || /^rem(?![^\s,;=])/i.test(command)
}

function separator(open: string, command: string): string {
  if (open === '') return ''
  return open.endsWith('(') || command.startsWith(')') ? ' ' : ' & '
}

function opensGroup(command: string): boolean {
  return /^(?:\(|if\b|\)\s*else\b|else\b)/i.test(command) && command.endsWith('(')
}
