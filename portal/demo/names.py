"""Names from many places for made-up people. Any likeness to somebody is chance."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Culture:
    """Names that go together: family names, children's names, parents' names (two kinds each), and languages."""

    share: int  # how many of a hundred families
    families: tuple[str, ...]
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    languages: tuple[str, ...]  # of the portal's languages, those that such a family may read


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


CULTURES = (
    Culture(
        26,
        _words(
            "Albrecht Baumann Brandt Dietrich Ebert Feldmann Franke Gerlach Hagen Hartwig Kessler Kühn Lorenz Meinert "
            "Neumann Pohl Reinhardt Sander Thoma Vogt Wendt Winkler Zeller Ziegler"
        ),
        _words("Clara Emilia Frieda Greta Hanna Ida Johanna Klara Lina Marlene Nele Paula Romy Thea"),
        _words("Anton Bruno Carl Emil Fritz Hannes Jakob Karl Leo Mats Oskar Paul Theo Till"),
        _words("Andrea Birgit Claudia Franziska Heike Julia Katrin Kerstin Nadine Nicole Sabine Silke Stefanie Tanja"),
        _words("Andreas Bernd Christian Dirk Florian Holger Jens Kai Markus Matthias Philipp Sebastian Stefan Uwe"),
        ("de", "de", "de", "en"),
    ),
    Culture(
        12,
        _words("Ashdown Bramley Carver Fairley Hollis Kerrigan Lockwood Marlow Pemberton Redfern Tilbury Whitcombe"),
        _words("Amelia Daisy Eleanor Ivy Martha Poppy Violet Willa"),
        _words("Arthur Felix Harry Hugo Jasper Oliver Rory Toby"),
        _words("Alice Catherine Fiona Gemma Heather Joanna Laura Rachel"),
        _words("Adam Duncan Edward Graham Neil Patrick Robert Simon"),
        ("en",),
    ),
    Culture(
        12,
        _words("Almansa Benítez Cárdenas Domínguez Escobar Fuentes Ibarra Lozano Montoya Quiroga Salinas Villalba"),
        _words("Alma Camila Elena Inés Jimena Lucía Marisol Valentina"),
        _words("Álvaro Diego Gael Joaquín Mateo Nicolás Rafael Santiago"),
        _words("Beatriz Carmen Dolores Gabriela Lorena Pilar Rosario Yolanda"),
        _words("Alejandro Carlos Fernando Gonzalo Javier Luis Miguel Ramón"),
        ("es", "es", "es", "en"),
    ),
    Culture(
        12,
        _words("Aziz Barakat Darwish Fayyad Ghanem Jaber Khalil Mansour Nasser Qasim Saleh Zaki"),
        _words("Amira Dina Hala Jana Layan Maryam Salma Yara"),
        _words("Adam Bilal Hadi Karim Omar Rami Yusuf Zaid"),
        _words("Amal Fatima Huda Iman Lubna Nadia Rania Samira"),
        _words("Ahmad Bassam Hassan Ibrahim Khaled Mahmoud Nabil Walid"),
        ("ar", "ar", "ar", "de"),
    ),
    Culture(
        12,
        _words("Bondarenko Hrytsenko Kovalchuk Lysenko Marchenko Oliynyk Petrenko Savchenko Shevchuk Tkachenko"),
        _words("Anastasiia Daryna Kateryna Mariia Polina Sofiia Yeva Zlata"),
        _words("Artem Bohdan Danylo Ivan Maksym Nazar Tymofii Yaroslav"),
        _words("Halyna Iryna Larysa Natalia Oksana Olena Svitlana Tetiana"),
        _words("Andrii Dmytro Ihor Mykola Oleksandr Pavlo Serhii Vasyl"),
        ("uk", "uk", "uk", "en"),
    ),
    Culture(
        8,
        _words("Aydın Çelik Demirci Karaca Öztürk Şahin Yalçın Yıldız"),
        _words("Ceren Defne Elif Zeynep"),
        _words("Can Deniz Emre Kerem"),
        _words("Ayşe Emine Gül Sevgi"),
        _words("Cem Hakan Mehmet Orhan"),
        ("de", "de", "en"),
    ),
    Culture(
        7,
        _words("Adeyemi Asante Boateng Chukwu Danso Mensah Nwosu Osei"),
        _words("Abena Adaeze Efua Zainab"),
        _words("Chidi Kofi Kwame Tunde"),
        _words("Akosua Folake Grace Ngozi"),
        _words("Emeka Femi Isaac Samuel"),
        ("en",),
    ),
    Culture(
        6,
        _words("Bose Chaudhary Iyer Kulkarni Menon Rao Sharma Verma"),
        _words("Anika Diya Kavya Mira"),
        _words("Arjun Dev Rohan Vihaan"),
        _words("Anjali Deepa Lakshmi Sunita"),
        _words("Anil Manoj Rajesh Vikram"),
        ("en",),
    ),
    Culture(
        5,
        _words("Đặng Hoàng Lê Nguyễn Phạm Trần"),
        _words("Lan Linh Mai Thảo"),
        _words("Bảo Khoa Minh Tuấn"),
        _words("Hạnh Hương Ngọc Phương"),
        _words("Dũng Hải Quang Sơn"),
        ("de", "en"),
    ),
)

GRANDMOTHERS = _words("Edith Ilse Mercedes Nina Olga Rosa Ruth Wanda Yasmin Zohra")
GRANDFATHERS = _words("Alfred Boris Enrique Georg Hamid Ismail Josef Stepan Viktor Wilhelm")
