/** What is wrong with the options of a command line, for a person: `parseArgs` of Node throws these codes. */
export function optionWords({ code, message }: { readonly code?: string; readonly message: string }): string {
  const option = /'(?:-\w, )?(-[^\s']*)/.exec(message)?.[1] ?? 'An option'
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return `There is no option ${option}.`
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return /does not take an argument/.test(message)
        ? `${option} takes no value, and was given one.`
        : `${option} needs a value, and none was given.`
    case undefined:
    default:
      return message
  }
}
