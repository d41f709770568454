"""The core's pages. Each module has its routes in `ROUTES: list[Any] = [
    static_file,
    *(
        route
        for module in (
            home, signin, welcome, account, photos, desk, decide, waiting, notices, paper, invitations,
        )
        for route in module.ROUTES
    ),
]
