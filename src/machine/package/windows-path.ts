/** `..\Content\%BUILD%` → `../Content/<value>`: definitions are written with Windows paths and variables (service-model.md 2.12). */
export function windowsPath(path: string): string {
  return path.replace(/%([^%]+)%/g, (whole, name: string) => process.env[name] ?? whole).replaceAll('\\', '/')
}
