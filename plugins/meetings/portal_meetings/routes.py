"""All pages of the meetings."""

from portal_meetings import desk_pages, family_pages, making_pages, provider_routes

ROUTES = [*family_pages.ROUTES, *making_pages.ROUTES, *desk_pages.ROUTES, *provider_routes.ROUTES]
