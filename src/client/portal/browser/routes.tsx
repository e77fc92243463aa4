import { createBrowserRouter, Navigate } from 'react-router'
import { ServicesPage } from './services/services-page.tsx'
import { Frame } from './shell/frame.tsx'
import { NothingHere, PageComing, PageFailed } from './shell/nothing-here.tsx'

/** The pages by their addresses. Those that are not needed at first are loaded when they are asked for. */
export const routes = createBrowserRouter([
  {
    path: '/',
    element: <Frame />,
    errorElement: <PageFailed />,
    hydrateFallbackElement: <PageComing />,
    children: [
      { index: true, element: <Navigate to="/services" replace /> },
      { path: 'services', element: <ServicesPage /> },
      { path: 'services/:service/certificates', lazy: () => import('./certificates/certificates-page.tsx') },
      {
        path: 'services/:service/:slot/instances/:instance',
        lazy: () => import('./instances/instance-page.tsx'),
      },
      { path: 'hosts', lazy: () => import('./hosts/hosts-page.tsx') },
      { path: 'operations', lazy: () => import('./operations/operation-log-page.tsx') },
      { path: 'services/:service/swap', lazy: () => import('./swap/swap-page.tsx') },
      { path: 'services/:service/:slot/deploy', lazy: () => import('./deployment/deploy-page.tsx') },
      { path: 'services/:service/:slot/upgrade', lazy: () => import('./upgrade/upgrade-page.tsx') },
      { path: 'services/:service/:slot/configure', lazy: () => import('./configuration/configure-page.tsx') },
      { path: 'services/:service/:slot/scale', lazy: () => import('./configuration/scale-page.tsx') },
      { path: 'services/:service', lazy: () => import('./summary/summary-page.tsx') },
      { path: 'services/:service/:slot/update', lazy: () => import('./walk/update-page.tsx') },
      { path: '*', element: <NothingHere /> },
    ],
  },
])
