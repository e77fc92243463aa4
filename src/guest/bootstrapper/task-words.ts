/** How the details call a startup task: those of plug-ins are the system's, the role's own the application's (T-6). */
export function taskWords(module: string | undefined): string {
  return module === undefined ? 'Application startup' : 'System startup'
}
