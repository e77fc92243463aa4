import type { Instant } from '../../kernel/instant.ts'

export type AgentLevel = 'INFO' | 'WARN' | 'ERROR' | 'HEART'

/** A line of WaAppAgent.log and AppAgentRuntime.log (G-15, G-16). */
export function agentLine(thread: number, now: Instant, level: AgentLevel, text: string): string {
  const [, year, month, day, time] = /^(\d+)-(\d\d)-(\d\d)T(.{11})/.exec(new Date(now).toISOString()) ?? []
  return `[${String(thread).padStart(8, '0')}] [${month}/${day}/${year} ${time}] [${level}] ${text}`
}

/** The lines that open and close an activity; operators look for `StopContainer()` to prove that the host stopped a guest (G-16). */
export const contextLines = {
  start: (activity: string, context: string) => `_Context_Start: {${activity}} Context: ${context}`,
  end: (activity: string, context: string) => `_Context_Ends: {${activity}} Context: ${context}`,
}
