"""What the demo school's second privacy notice says beyond the first one: a paragraph and a summary by language."""

ADDED = {
    "en": "If you order prints of class photos, your order is kept until the prints are delivered, and then deleted.",
    "de": "Wenn Sie Abzüge von Klassenfotos bestellen, bewahren wir die Bestellung bis zur Lieferung auf und löschen "
    "sie danach.",
    "es": "Si encarga copias de las fotos de clase, guardamos el pedido hasta la entrega y después lo borramos.",
    "ar": "إذا طلبتم نسخًا مطبوعة من صور الصف، فإننا نحتفظ بالطلب حتى تسليم الصور ثم نحذفه.",
    "uk": "Якщо ви замовляєте друковані фотографії класу, ми зберігаємо замовлення до видачі знімків, а потім "
    "видаляємо його.",
}
SUMMARY = {
    "en": "New: how long we keep orders for prints.",
    "de": "Neu ist, wie lange wir Bestellungen von Abzügen aufbewahren.",
    "es": "Es nuevo cuánto tiempo guardamos los pedidos de copias.",
    "ar": "الجديد هو مدة احتفاظنا بطلبات الصور المطبوعة.",
    "uk": "Нове: як довго ми зберігаємо замовлення на друк.",
}
