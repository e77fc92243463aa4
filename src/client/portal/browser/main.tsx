/** The portal in the browser: a client of the public Service Management API alone (F-3), which it reaches through its gateway. */
import { createDOMRenderer, RendererProvider } from '@fluentui/react-components'
import { QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router'
import { ConnectionProvider, openConnection } from './connection/connection.tsx'
import { OperationsProvider } from './operations/operations.tsx'
import './page.css'
import { routes } from './routes.tsx'
import { Appearance } from './shell/appearance.tsx'
import { beginLanguage } from './shell/language.ts'
import { SignIn } from './shell/sign-in.tsx'

await beginLanguage()
const connection = openConnection()
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''

createRoot(document.getElementById('root') as HTMLElement).render(
  // Styles are put into elements that the security policy of this page permits by its nonce.
  <RendererProvider renderer={createDOMRenderer(document, { styleElementAttributes: { nonce } })}>
    <Appearance>
      <QueryClientProvider client={connection.queries}>
        <ConnectionProvider connection={connection}>
          <SignIn>
            <OperationsProvider>
              <RouterProvider router={routes} />
            </OperationsProvider>
          </SignIn>
        </ConnectionProvider>
      </QueryClientProvider>
    </Appearance>
  </RendererProvider>,
)
