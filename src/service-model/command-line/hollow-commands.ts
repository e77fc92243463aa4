/** Programs that exist in wine 8 by name only, and return 0 without doing anything. Tried one by one. */
const hollow =
  'aspnet_regiis cacls certutil dism icacls lodctr mofcomp net netsh ngen powershell regasm regsvcs secedit shutdown systeminfo wevtutil'.split(
    ' ',
  )

/** Those that a batch file calls, each once. */
export function hollowCommands(text: string): readonly string[] {
  return hollow.filter((name) => calls(text, name))
}

/** Whether a batch file calls a program, in a line that is no remark and prints nothing. */
export function calls(text: string, program: string): boolean {
  const called = new RegExp(`(?:^|[\\s"&|(@\\\\/])${program}(?:\\.exe)?(?=["\\s]|$)`, 'i')
  return text.split(/\r?\n/).some((line) => !/^\s*@?(?:rem\b|echo\b|::)/i.test(line) && called.test(line))
}
