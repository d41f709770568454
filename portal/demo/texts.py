"""Sixty stories for the demo school: two for each scene of the pictures, as teachers would tell them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A story: the scene its pictures come from, and how many of that scene's pictures it shows."""

    scene: str
    pictures: int
    title: str
    body: str
    language: str = "en"
    to: str = ""
    """'school' or 'public' instead of one class; 'draft' or 'scheduled' for what is not posted yet."""


TEXTS = (
    Text(
        "reading", 3, "Our reading corner is open",
        "New cushions, a new lamp, and forty books from the town library. Within five minutes nobody said a word any "
        "more. We read there every day after break now. If you have a picture book in your own language at home, we "
        "would love to borrow it.",
    ),
    Text(
        "reading", 2, "Vorlesetag",
        "Heute wurde den ganzen Vormittag vorgelesen: auf dem Teppich, auf der Fensterbank und sogar unter dem Tisch. "
        "Besonders gut kam die Geschichte vom Drachen an, der Angst vor Streichhölzern hat. Fragen Sie zu Hause ruhig "
        "einmal nach, wie sie ausgeht!",
        "de",
    ),
    Text(
        "science", 3, "The volcano has erupted",
        "Vinegar, baking soda, a little red colour, and a great deal of foam. First everyone wrote down what they "
        "expected; then we lit no fuse but poured one spoonful. The foam reached the table's edge. Tomorrow we find "
        "out why.",
    ),
    Text(
        "science", 2, "Why does red cabbage turn blue?",
        "We cooked a red cabbage and asked it questions: what do you do with lemon, with soap, with salt? It answered "
        "in pink, blue and green. Safety glasses were worn by all, including the teacher.",
    ),
    Text(
        "numbers", 3, "How high is a hundred?",
        "A hundred blocks make a tower that falls over, as we know since Tuesday. Ten towers of ten do not. So we "
        "counted in tens, and then in fives, and somebody noticed that five fives are nearly a birthday.",
    ),
    Text(
        "numbers", 2, "Sums that we made ourselves",
        "Each child wrote a sum for another one. The rule: you must be able to solve it yourself. The hardest came "
        "from the quietest table. We use the old counting frame again, too, and it still works without a battery.",
    ),
    Text(
        "computers", 4, "Teaching a robot to turn left",
        "A robot does exactly what it is told, and that is the difficulty. Our first program drove it into the "
        "waste-paper basket. The fourth one brought it all around the mat to the star. Patience is a programming "
        "language as well.",
    ),
    Text(
        "computers", 1, "Our first own games",
        "After three weeks each pair has a small game that runs. One has a cat that catches clouds, another a quiz "
        "about our street. We show them to each other on Friday; the rule for comments is one star and one wish.",
    ),
    Text(
        "football", 3, "Four to four",
        "It rained, it stopped, it rained again, and in the end it was four to four. Both goalkeepers were "
        "applauded by both teams. Thank you to the parents who brought tea and dry socks.",
    ),
    Text(
        "football", 2, "Nuestro equipo ya tiene camisetas",
        "¡Por fin llegaron las camisetas! Las estrenamos enseguida en un partido contra la clase vecina. No importa "
        "quién ganó: importa que nadie se quedó sin jugar. El próximo partido es dentro de dos semanas.",
        "es",
    ),
    Text(
        "playground", 3, "The new slide",
        "It was tested for safety by an engineer, and then once more by the whole class. Result: it is fast. In the "
        "first week we take turns by classes, so that nobody has to wait long.",
        to="school",
    ),
    Text(
        "playground", 2, "Break-time friends",
        "From today two children with yellow ribbons look after those who have nobody to play with. It was the class's "
        "own idea. On the first day they needed only ten minutes until all were on the swings.",
    ),
    Text(
        "bicycles", 3, "Cycling test: everybody has passed",
        "Brakes, bell, light, a look over the shoulder. The police officer was strict and friendly. The hardest part "
        "was riding slowly. Please check the helmets at home: two fingers must fit under the strap.",
    ),
    Text(
        "bicycles", 2, "Fahrradwerkstatt",
        "Reifen flicken, Kette ölen, Klingel festschrauben: Am Donnerstag war unser Pausenhof eine Werkstatt. "
        "Siebzehn Räder rollen wieder. Die schwarzen Finger sind hoffentlich inzwischen sauber.",
        "de",
    ),
    Text(
        "sports", 3, "Sports day",
        "Sack race, long jump, and the relay in which a teacher dropped the baton. Everyone got a medal for "
        "something: for speed, for cheering, for helping somebody up. Tired legs at home are normal today.",
    ),
    Text(
        "sports", 2, "Running for the well",
        "Forty-three laps, eleven kilometres, one sunburnt teacher. With every lap our class collected money for a "
        "well at our partner school. The sum is not counted yet, but the pride is enormous.",
        to="school",
    ),
    Text(
        "music", 3, "The class band rehearses",
        "Drum, guitar, trumpet, cymbals, and a song that we have written ourselves. It has three chords and eleven "
        "verses. We are working on the verses. You will hear it at the summer concert.",
    ),
    Text(
        "music", 2, "Наш хор",
        "Сьогодні ми вперше співали двома голосами. Спочатку було смішно, потім красиво. Одну пісню ми вивчили "
        "українською, і тепер її знає весь клас. Запрошуємо вас на концерт!",
        "uk",
    ),
    Text(
        "painting", 4, "A whole wall of colour",
        "We looked at how painters mix green, and found nine ways. The line above the window is full now, and the "
        "paint is almost off the hands. Next week each child chooses one picture to take home.",
    ),
    Text(
        "painting", 1, "At the easel",
        "Standing while you paint changes the picture: the whole arm moves. Everyone tried it today for the first "
        "time. Please send an old shirt, as large as possible, for the weeks to come.",
    ),
    Text(
        "cooking", 3, "Soup for everyone",
        "Carrots, leek, potatoes, and a long talk about whether celery is allowed. Thirty bowls were eaten, four "
        "people asked for the recipe. It hangs beside our door.",
    ),
    Text(
        "cooking", 2, "Biscuits with faces",
        "Some smile, some look surprised, one looks like the headteacher. We weighed flour and butter ourselves and "
        "learned what half of 250 is. The tin is empty already.",
    ),
    Text(
        "museum", 3, "Beneath the dinosaur",
        "Its neck alone is as long as our classroom. We lay on the floor to look up at it, with permission. Question "
        "of the day: what did it do when it had a sore throat?",
    ),
    Text(
        "museum", 2, "In the picture gallery",
        "Everybody chose one painting, sat down in front of it, and drew it for twenty minutes. Then we told each "
        "other what cannot be seen in it. Thank you to the two grandmothers who came along.",
    ),
    Text(
        "zoo", 4, "A day at the zoo",
        "The giraffe is taller than anyone had thought, the penguins are smaller. The lion slept. We drew what we "
        "saw, and the keeper told us what each of them has for breakfast. Nobody wanted to swap.",
    ),
    Text(
        "zoo", 1, "What we now know about elephants",
        "They hear with their feet. They recognise themselves in a mirror. They can be sad. Our posters hang in the "
        "corridor; come and read them when you collect your children.",
    ),
    Text(
        "farm", 3, "On the farm",
        "We collected eggs, carried hay, and sat on the tractor, one after the other, engine off. The cow is called "
        "Berta and has a tongue like sandpaper. Rubber boots may be left at school to dry.",
    ),
    Text(
        "farm", 2, "En la granja",
        "Aprendimos de dónde viene la leche y cuánto come una vaca: ¡cincuenta kilos al día! Las ovejas eran tímidas, "
        "las gallinas no. Todos volvimos con paja en el pelo.",
        "es",
    ),
    Text(
        "bus", 5, "Off we go",
        "Three teachers, one bus, and a song before the first traffic light. We arrived well, the rooms are given "
        "out, supper was noodles. More tomorrow.",
    ),
    Text(
        "bus", 0, "Class trip: what to pack",
        "Rain jacket, sturdy shoes, something warm, a torch, a towel, and the cuddly animal that officially does not "
        "exist. Telephones stay at home; in an emergency you reach us day and night. Medicines please go to the class "
        "teacher with a note.",
    ),
    Text(
        "garden", 3, "Everything is growing",
        "The radishes have won, the carrots are thinking about it. Every day two children water the beds and write "
        "down what has changed. The first salad was small and tasted of pride.",
    ),
    Text(
        "garden", 2, "Sunflowers, taller than all of us",
        "In spring they were as long as a finger. Now we need the ladder to measure them: two metres and eighty. "
        "We leave the seeds to the birds.",
        to="public",
    ),
    Text(
        "autumn", 3, "A walk in the wood",
        "We collected leaves by colour until a whole rainbow lay on the path, only blue was missing. Then we found a "
        "jay's feather. Please send chestnuts if you have too many.",
    ),
    Text(
        "autumn", 2, "Regentag",
        "Es gibt kein schlechtes Wetter, es gibt nur Pfützen. Wir haben gemessen, wie viel Regen in einer Stunde in "
        "ein Marmeladenglas fällt. Wechselsocken sind ab jetzt immer eine gute Idee.",
        "de",
    ),
    Text(
        "snow", 4, "Snow!",
        "At a quarter past nine somebody looked out of the window, and then we had to go out, all of us, at once. The "
        "snowman wears the caretaker's old hat. We have learned that snow is quiet, and that we are not.",
    ),
    Text(
        "snow", 1, "Sledging on the hill",
        "Up is exercise, down is physics. The longest run was forty metres. All fingers and all mittens have come "
        "back, though not always in pairs: single ones lie beside the door.",
    ),
    Text(
        "picnic", 3, "Picnic on the meadow",
        "Everyone brought something that is eaten at their home, and nothing was left over. We counted dishes from "
        "nine countries on one blanket. The melon was the hero of the day.",
    ),
    Text(
        "picnic", 2, "نزهة في المرج",
        "جلسنا اليوم على العشب وتقاسمنا ما أحضره كل طفل من البيت. كان هناك خبز وفواكه وحلوى من بلدان كثيرة. "
        "شكرًا لكل العائلات على هذا الكرم!",
        "ar",
    ),
    Text(
        "birthday", 3, "Birthdays of this month",
        "Four crowns, one cake, and the loudest song of the week. Each birthday child may choose the story that is "
        "read aloud. Everyone told each of them one thing they like about them, and that took quite a while.",
    ),
    Text(
        "birthday", 2, "Our school is fifty years old",
        "Fifty candles do not fit on a cake, but we tried. Former pupils came and looked for their old places. The "
        "photographs of back then hang in the hall, next to those of today.",
        to="public",
    ),
    Text(
        "theatre", 4, "Curtain up",
        "A king who cannot sleep, a wizard who cannot count, and animals who help both. Nobody forgot a line, and "
        "where somebody did, it was better than the script. Thank you for the applause, and for all the costumes.",
    ),
    Text(
        "theatre", 1, "We are rehearsing",
        "Who speaks to the audience must not look at the floor: that is harder than it sounds. The puppets are "
        "finished, the text nearly. The performance is on the last Friday of the month in the hall.",
        to="scheduled",
    ),
    Text(
        "carnival", 3, "Carnival at school",
        "Pirates, cats, three wizards, and a walking pineapple. We danced through all the classrooms, one behind the "
        "other. The confetti will be found until summer.",
        to="school",
    ),
    Text(
        "carnival", 2, "Masks that we made",
        "Feathers, glitter, and a lot of glue. Behind a mask some children suddenly spoke quite loudly, others became "
        "mysterious. They can be seen in the corridor until next week.",
    ),
    Text(
        "swimming", 4, "Seepferdchen geschafft",
        "Fünf Kinder haben heute ihr erstes Abzeichen bekommen, und alle anderen haben so laut gejubelt, dass der "
        "Bademeister lachen musste. Nächste Woche bitte wieder an Badekappe und Handtuch denken.",
        "de",
    ),
    Text(
        "swimming", 1, "In at the deep end",
        "Today all of us jumped: some from the edge, some from the block, one from the teacher's hand. Courage is "
        "when you are afraid and still jump. Goggles with names on them find their way home more quickly.",
        to="draft",
    ),
    Text(
        "sea", 3, "The sea is very big",
        "For some it was the first time. We built a castle, the tide took it, we built a second one. In the evening "
        "every bed had a little sand in it, and nobody minded.",
    ),
    Text(
        "sea", 2, "What the tide leaves behind",
        "Shells, crabs, a shoe, and far too many pieces of plastic. We sorted everything and weighed it. The letter "
        "to the town hall is written, and it has twenty signatures.",
    ),
    Text(
        "camp", 3, "A night in tents",
        "The fire crackled, the marshmallows turned black, and somewhere an owl called. At half past ten it was quiet, "
        "nearly. Today we are tired and have all grown a little.",
    ),
    Text(
        "camp", 2, "Stars above the camp fire",
        "We looked for the Great Bear and found it together. Whoever woke at night was allowed to look again. Thank "
        "you to the parents who put up the tents in the wind.",
    ),
    Text(
        "maps", 3, "Where our families come from",
        "Nineteen pins on the map, and one thread from each of them to our school. We said good morning in eleven "
        "languages. If grandparents would like to tell us about their town, they are very welcome.",
    ),
    Text(
        "maps", 2, "خريطة العالم في صفنا",
        "علّقنا خريطة كبيرة على الجدار وبحثنا عن المدن التي جاءت منها عائلاتنا. تعلّمنا أيضًا كيف نقرأ الاتجاهات "
        "وكيف نقيس المسافات. سألنا الكرة الأرضية كثيرًا من الأسئلة.",
        "ar",
    ),
    Text(
        "lanterns", 3, "Lantern walk",
        "Sixty lanterns, made by ourselves, from the school to the river and back. We sang, and people opened their "
        "windows. Thank you to the fire brigade for walking with us.",
        to="school",
    ),
    Text(
        "lanterns", 2, "Ліхтарики",
        "Ми самі змайстрували ліхтарики з паперу: зірки, кулі й кольорові віконця. Коли стемніло, увесь двір світився. "
        "Дякуємо родинам за теплий чай!",
        "uk",
    ),
    Text(
        "first_day", 3, "Welcome!",
        "Big cones, big eyes, big feelings. Our new children know by now where the coats hang, where the water is, "
        "and who helps them. The older ones have written a letter for every one of them.",
    ),
    Text(
        "first_day", 2, "The first lesson",
        "A letter, a number, a song, and the rule that questions are always allowed. After four hours the first "
        "homework was finished: tell somebody at home what was the funniest thing today.",
    ),
    Text(
        "space", 4, "Space week",
        "The hall is a universe now: planets hang from the ceiling in the right order, and between them flies a rocket "
        "of cardboard. How heavy is a school bag on the moon? We have worked it out.",
    ),
    Text(
        "space", 1, "Letters to an astronaut",
        "How do you wash up there? Do you dream of falling? Can you see our street? We wrote all questions down and "
        "sent them off, and now we wait, like real scientists.",
        to="public",
    ),
    Text(
        "portrait", 5, "Our class photos are here",
        "Everybody looks into the camera, nearly everybody with both eyes open. You see here the photos in which your "
        "own family's decisions allow it. Prints can be ordered at the office.",
    ),
    Text(
        "portrait", 0, "Dates for the next weeks",
        "Parents' evening is on the second Wednesday at seven. The library bus comes on Thursday. On the last Friday "
        "lessons end after the fourth hour. The lost-property box is overflowing: please have a look.",
        to="school",
    ),
)  # fmt: skip
